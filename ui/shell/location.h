// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QMap>
#include <QtCore/QMetaType>
#include <QtCore/QString>

namespace parapet::shell {

/// A place in the console: a page and what it shows. Written "workspaces?filter=team:payments&key=ws-7f3"; parameters
/// are percent-encoded (RFC 3986) and sorted, so that equal places print alike.
struct Location {
    QString page;                  ///< a PageInfo::id: [a-z0-9-]+
    QMap<QString, QString> params; ///< names [a-z0-9-]+

    bool isEmpty() const { return page.isEmpty(); }
    QString param(const QString &name) const { return params.value(name); }
    /// The same place with one parameter set; an empty value takes it out.
    Location with(const QString &name, const QString &value) const;

    QString toString() const;
    /// Error Invalid when it is not a place: empty page, bad name, name twice, bad percent encoding, more than 8,192
    /// characters.
    static Result<Location> parse(QStringView text);

    friend bool operator==(const Location &, const Location &) = default;
};

/// The places gone through, as a browser keeps them: at most 200.
class History
{
public:
    const Location &current() const { return m_places.at(m_at); }
    bool isEmpty() const { return m_places.isEmpty(); }
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_places.size(); }

    /// A new place: what lay ahead is forgotten. The same place again changes nothing.
    void push(const Location &place);
    /// The current place says more precisely what it shows.
    void replace(const Location &place);
    const Location &back();
    const Location &forward();

private:
    QVector<Location> m_places;
    qsizetype m_at = -1;
};

} // namespace parapet::shell

Q_DECLARE_METATYPE(parapet::shell::Location)
