// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/eventleaf.h"

#include "models/wire/writer.h"

#include <cstring>

namespace parapet::transparency {

namespace {

QVector<const Field<AuditEvent> *> leafFieldsByName()
{
    QVector<const Field<AuditEvent> *> fields;
    for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>())
        fields.append(&field);
    std::sort(fields.begin(), fields.end(), [](const auto *a, const auto *b) { return std::strcmp(a->name, b->name) < 0; });
    return fields;
}

} // namespace

QByteArray leafOf(const AuditEvent &event)
{
    // The members' names are ASCII, so that byte order is the order of RFC 8785 §3.2.3.
    static const QVector<const Field<AuditEvent> *> fields = leafFieldsByName();
    QByteArray out;
    out.reserve(640);
    char separator = '{';
    for (const Field<AuditEvent> *field : fields) {
        out += separator;
        separator = ',';
        out += '"';
        out += field->name;
        out += "\":";
        if (field->text) {
            wire::appendString(out, *field->text(event));
        } else if (const qint64 number = field->number(event); field->kind == FieldKind::Time) {
            wire::appendTime(out, Instant(Milliseconds(number)));
        } else if (field->kind == FieldKind::Enumeration) {
            out += '"';
            out += field->values[size_t(number)];
            out += '"';
        } else {
            wire::appendInteger(out, number);
        }
    }
    out += '}';
    return out;
}

} // namespace parapet::transparency
