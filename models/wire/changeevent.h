// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/watch.h"
#include "models/wire/codec.h"

namespace parapet::wire {

/// The first event of a change stream.
struct Hello {
    QString epoch;    ///< changes when numbering starts anew
    QString sequence; ///< the last change that has happened: resume after it
    qint64 pingSeconds = 10;
};

/// Appends the data of a server-sent event: `{"id":…,"removed":false,"object":{…}}`, on one line.
template<class T>
void appendChange(QByteArray &out, const QString &id, const T &object)
{
    out += "{\"id\":";
    appendString(out, id);
    out += ",\"removed\":false,\"object\":";
    appendJson(out, object);
    out += '}';
}
void appendRemoval(QByteArray &out, const QString &id);
void appendHello(QByteArray &out, const Hello &hello);

/// Reads one event of the stream from its three fields (WHATWG HTML §9.2): `id`, `event`, `data`. The object stays as
/// it is; its reader checks it by fromJson<T>(). Errors are of code Protocol.
Result<ChangeEvent> changeFrom(const QString &sequence, const QString &kind, QByteArrayView data);
Result<Hello> helloFrom(QByteArrayView data);

} // namespace parapet::wire
