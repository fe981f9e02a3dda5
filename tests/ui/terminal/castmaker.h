// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace parapet::support {

/// Writes an asciinema v2 file.
class CastMaker
{
public:
    CastMaker(int columns, int rows)
        : m_file("{\"version\": 2, \"width\": " + QByteArray::number(columns) + ", \"height\": " + QByteArray::number(rows) + "}\n")
    {
    }
    /// UTF-8.
    void output(double seconds, const QByteArray &bytes) { add(seconds, QStringLiteral("o"), QString::fromUtf8(bytes)); }
    void resize(double seconds, int columns, int rows) { add(seconds, QStringLiteral("r"), QStringLiteral("%1x%2").arg(columns).arg(rows)); }
    const QByteArray &file() const { return m_file; }

private:
    void add(double seconds, const QString &code, const QString &data)
    {
        m_file += QJsonDocument(QJsonArray{seconds, code, data}).toJson(QJsonDocument::Compact) + '\n';
    }
    QByteArray m_file;
};

/// A screen with most of what a terminal can show.
inline QByteArray demoScreen()
{
    QByteArray out = "\x1b[1;32mdev@ws-7f3\x1b[0m:\x1b[1;34m~/payments\x1b[0m$ make test\r\n"
                     "\x1b[36m[ 12%]\x1b[0m Building \x1b[4msrc/ledger.cpp\x1b[0m\r\n"
                     "\x1b[36m[ 58%]\x1b[0m Building \x1b[3msrc/webhook.cpp\x1b[0m\r\n"
                     "\x1b[1;31merror:\x1b[0m expected \xe2\x80\x98;\xe2\x80\x99 before \xe2\x80\x98return\xe2\x80\x99\r\n"
                     "\x1b[33mwarning:\x1b[0m 2 tests skipped  \x1b[9mold\x1b[0m \x1b[7m INVERSE \x1b[0m \x1b[35mmagenta\x1b[0m\r\n"
                     "wide: \xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97 | combined: e\xcc\x81 o\xcc\x88 | emoji: \xf0\x9f\x9a\x80 |\r\n";
    for (int i = 0; i < 16; ++i)
        out += "\x1b[48;5;" + QByteArray::number(i) + "m " + (i < 10 ? " " : "") + QByteArray::number(i) + " \x1b[0m";
    out += "\r\n";
    for (int i = 0; i < 72; ++i)
        out += "\x1b[48;2;" + QByteArray::number(i * 3) + ";80;" + QByteArray::number(255 - i * 3) + "m \x1b[0m";
    out += "\r\n\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\xac\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x90\r\n"
           "\xe2\x94\x82 ab \xe2\x94\x82 cd \xe2\x94\x82\r\n"
           "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\xb4\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x98\r\n"
           "\x1b[1;32mdev@ws-7f3\x1b[0m:\x1b[1;34m~/payments\x1b[0m$ ";
    return out;
}

} // namespace parapet::support
