// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/comparemodel.h"

#include "models/domain/auditevent.h"
#include "models/domain/fieldtext.h"
#include "models/domain/tabletext.h"
#include "models/items/roles.h"
#include "ui/kit/text/format.h"

#include <QtCore/QHash>
#include <QtCore/QLocale>

namespace parapet::pages {

using namespace Qt::StringLiterals;

QVector<ComparedValue> compared(const QVector<Bucket> &a, const QVector<Bucket> &b)
{
    const auto none = [](const QVector<Bucket> &side) { return side.size() < mostCounted ? std::optional<qint64>(0) : std::nullopt; };
    QHash<QString, ComparedValue> values;
    for (const Bucket &bucket : a)
        values.insert(bucket.key, {bucket.key, bucket.count, none(b)});
    for (const Bucket &bucket : b) {
        const auto known = values.find(bucket.key);
        if (known != values.end())
            known->b = bucket.count;
        else
            values.insert(bucket.key, {bucket.key, none(a), bucket.count});
    }
    QVector<ComparedValue> sorted(values.cbegin(), values.cend());
    const auto weight = [](const ComparedValue &one) {
        const qint64 most = std::max(one.a.value_or(0), one.b.value_or(0));
        return std::pair(std::abs(one.difference().value_or(most)), most);
    };
    std::sort(sorted.begin(), sorted.end(), [&](const ComparedValue &one, const ComparedValue &other) {
        const auto first = weight(one), second = weight(other);
        return first != second ? first > second : one.key < other.key;
    });
    return sorted;
}

void CompareModel::setValues(const QString &field, const QVector<ComparedValue> &values)
{
    beginResetModel();
    m_field = field;
    m_values = values;
    endResetModel();
}

namespace {

QString compareSigned(qint64 number)
{
    return number > 0 ? u'+' + kit::numberText(number) : number < 0 ? u'\u2212' + kit::numberText(-number) : u"0"_s;
}

QString compareRatio(const ComparedValue &row)
{
    if (!row.a || !row.b || *row.b == 0 || *row.a == 0)
        return {};
    return QLocale().toString(double(*row.a) / double(*row.b), 'f', 2) + u'\u00d7';
}

QString compareChange(const ComparedValue &row)
{
    if (!row.a || !row.b)
        return CompareModel::tr("not in the top %1").arg(mostCounted) + (row.a ? CompareModel::tr(" of B") : CompareModel::tr(" of A"));
    if (row.isNew())
        return CompareModel::tr("new in A");
    if (row.isGone())
        return CompareModel::tr("gone in A");
    return *row.a > *row.b ? CompareModel::tr("more") : *row.a < *row.b ? CompareModel::tr("less") : CompareModel::tr("the same");
}

} // namespace

QVariant CompareModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ComparedValue &row = m_values.at(index.row());
    const Field<AuditEvent> *field = findField<AuditEvent>(m_field);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case CopyRole:
        switch (index.column()) {
        case Value:
            if (row.key.isEmpty())
                return tr("none");
            return field && field->kind == FieldKind::Enumeration ? enumerationText(row.key) : Untrusted(row.key).inert(200);
        case CountA:
            return row.a ? kit::numberText(*row.a) : QString();
        case CountB:
            return row.b ? kit::numberText(*row.b) : QString();
        case Difference:
            return row.difference() ? compareSigned(*row.difference()) : QString();
        case Ratio:
            return compareRatio(row);
        default:
            return compareChange(row);
        }
    case StateMarkRole:
        return int(row.isNew() ? StateMark::Step : row.isGone() ? StateMark::Stopped : StateMark::None);
    case KeyRole:
        return Untrusted(row.key).inert();
    case LoadStateRole:
        return int(LoadState::Loaded);
    default:
        return {};
    }
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Value:
        return tr("Value");
    case CountA:
        return tr("A");
    case CountB:
        return tr("B");
    case Difference:
        return tr("Difference");
    case Ratio:
        return tr("Ratio");
    default:
        return tr("Change");
    }
}

QByteArray CompareModel::csvHeader() const
{
    return csvRow({m_field, u"a"_s, u"b"_s, u"difference"_s, u"ratio"_s, u"change"_s}).toUtf8();
}

QByteArray CompareModel::csvRows() const
{
    const auto number = [](const std::optional<qint64> &one) { return one ? QString::number(*one) : QString(); };
    QString out;
    for (const ComparedValue &row : m_values) {
        const bool both = row.a && row.b && *row.b > 0;
        out += csvRow({Untrusted(row.key).inert(), number(row.a), number(row.b), number(row.difference()),
                       both ? QString::number(double(*row.a) / double(*row.b), 'g', 6) : QString(),
                       row.isNew() ? u"new"_s : row.isGone() ? u"gone"_s : QString()});
    }
    return out.toUtf8();
}

} // namespace parapet::pages
