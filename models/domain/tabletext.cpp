// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/tabletext.h"

namespace parapet {
namespace {

/// Whether a spreadsheet would read `text` as a formula. "-12.5" is a number, "-12.5+cmd" is not.
bool tableTextIsFormula(const QString &text)
{
    if (text.isEmpty())
        return false;
    const char16_t first = text.front().unicode();
    // The full-width forms start formulas too where East Asian input is set up.
    for (const char16_t trigger : {u'=', u'@', u'\t', u'\r', u'\uff1d', u'\uff0b', u'\uff0d', u'\uff20'}) {
        if (first == trigger)
            return true;
    }
    if (first != u'+' && first != u'-')
        return false;
    bool number = false;
    QLocale::c().toDouble(text, &number);
    return !number;
}

QString tableTextDisarmed(const QString &text)
{
    return tableTextIsFormula(text) ? QLatin1Char('\'') + text : text;
}

} // namespace

QString csvCell(const QString &text)
{
    QString cell = tableTextDisarmed(text);
    const auto needsQuotes = [](QChar c) { return c == u'"' || c == u',' || c == u'\r' || c == u'\n'; };
    if (!std::any_of(cell.cbegin(), cell.cend(), needsQuotes))
        return cell;
    cell.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return QLatin1Char('"') + cell + QLatin1Char('"');
}

QString csvRow(const QStringList &cells)
{
    QStringList safe;
    safe.reserve(cells.size());
    for (const QString &cell : cells)
        safe << csvCell(cell);
    return safe.join(QLatin1Char(',')) + QLatin1String("\r\n");
}

QString tsvRow(const QStringList &cells)
{
    QStringList safe;
    safe.reserve(cells.size());
    for (const QString &cell : cells) {
        QString text = tableTextDisarmed(cell);
        for (QChar &c : text) {
            if (c == u'\t' || c == u'\r' || c == u'\n')
                c = u' ';
        }
        safe << text;
    }
    return safe.join(QLatin1Char('\t')) + QLatin1Char('\n');
}

} // namespace parapet
