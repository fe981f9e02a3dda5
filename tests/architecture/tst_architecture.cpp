// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the house together by reading it: who includes whom, banned words, licence lines, sizes, links.
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

namespace {

struct Room {
    int floor = 0;
    QStringList sameFloor;
};

QString read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll());
}

} // namespace

class TestArchitecture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void floorsHold();
    void upperRoomsLookDown();
    void includesStartAtTheRoot();
    void bannedWords_data();
    void bannedWords();
    void untrustedTextStaysInert();
    void everyFileNamesItsLicence();
    void everyRoomHasItsPage();
    void filesStaySmall();
    void linksLeadSomewhere();
    void noPathOfAMachine();

private:
    QStringList sources(const QStringList &folders) const;
    QStringList includesOf(const QString &file) const;
    QString modelRoomOf(const QString &path) const;

    QString m_root = QStringLiteral(PARAPET_SOURCE_DIR);
    QMap<QString, Room> m_rooms;
    QStringList m_code;
};

QStringList TestArchitecture::sources(const QStringList &folders) const
{
    QStringList found;
    for (const QString &folder : folders) {
        QDirIterator it(m_root + u'/' + folder, {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            found << QDir(m_root).relativeFilePath(it.next());
    }
    found.sort();
    return found;
}

QStringList TestArchitecture::includesOf(const QString &file) const
{
    static const QRegularExpression pattern(uR"(^\s*#\s*include\s*[<"]([^>"]+)[>"])"_s, QRegularExpression::MultilineOption);
    QStringList found;
    for (auto it = pattern.globalMatch(read(m_root + u'/' + file)); it.hasNext();)
        found << it.next().captured(1);
    return found;
}

QString TestArchitecture::modelRoomOf(const QString &path) const
{
    if (!path.startsWith("models/"_L1))
        return {};
    const QString inside = path.mid(7).section(u'/', 0, -2);
    return m_rooms.contains(inside) ? inside : QString();
}

void TestArchitecture::initTestCase()
{
    static const QRegularExpression row(uR"(^\|\s*(\d)\s*\|\s*([a-z/]+)\s*\|[^|]*\|([^|]*)\|)"_s, QRegularExpression::MultilineOption);
    for (auto it = row.globalMatch(read(m_root + u"/models/README.md"_s)); it.hasNext();) {
        const auto match = it.next();
        Room room{match.captured(1).toInt(), {}};
        for (const QString &name : match.captured(3).split(u',', Qt::SkipEmptyParts)) {
            if (!name.trimmed().isEmpty())
                room.sameFloor << name.trimmed();
        }
        m_rooms.insert(match.captured(2), room);
    }
    QVERIFY2(m_rooms.size() > 10, "models/README.md no longer holds the table of floors");
    m_code = sources({u"models"_s, u"ui"_s, u"app"_s});
    QVERIFY(m_code.size() > 50);
}

void TestArchitecture::floorsHold()
{
    QStringList wrong;
    for (const QString &file : std::as_const(m_code)) {
        if (!file.startsWith("models/"_L1) || file.startsWith("models/pch_"_L1))
            continue;
        const QString room = modelRoomOf(file);
        if (room.isEmpty()) {
            wrong << file + u": its room is not in models/README.md"_s;
            continue;
        }
        for (const QString &include : includesOf(file)) {
            if (include.startsWith("ui/"_L1) || include.startsWith("app/"_L1) || include.startsWith("QtWidgets/"_L1) || include.startsWith("QtGui/"_L1)) {
                wrong << file + u" includes "_s + include;
                continue;
            }
            if (include.startsWith("QtNetwork/"_L1) && m_rooms[room].floor != 6)
                wrong << file + u" includes "_s + include + u": only floor 6 knows the network"_s;
            const QString other = modelRoomOf(include);
            if (other.isEmpty() || other == room)
                continue;
            const int above = m_rooms[other].floor;
            if (above > m_rooms[room].floor || (above == m_rooms[room].floor && !m_rooms[room].sameFloor.contains(other)))
                wrong << file + u" includes "_s + include;
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::upperRoomsLookDown()
{
    QStringList wrong;
    for (const QString &file : std::as_const(m_code)) {
        for (const QString &include : includesOf(file)) {
            bool bad = false;
            if (file.startsWith("ui/"_L1)) {
                bad = include.startsWith("app/"_L1) || include.startsWith("models/transport/"_L1) || include.startsWith("models/connectors/"_L1)
                    || include.startsWith("models/storage/"_L1) || include.startsWith("QtNetwork/"_L1) || include.startsWith("QtSql/"_L1);
                if (!file.startsWith("ui/kit/"_L1))
                    bad = bad || include.startsWith("QtCharts/"_L1) || include == "QtWidgets/QLabel"_L1 || include == "QLabel"_L1;
                if (file.startsWith("ui/kit/"_L1))
                    bad = bad || include.startsWith("ui/shell/"_L1) || include.startsWith("ui/operation/"_L1) || include.startsWith("ui/pages/"_L1);
                if (file.startsWith("ui/listing/"_L1))
                    bad = bad || include.startsWith("ui/shell/"_L1) || include.startsWith("ui/operation/"_L1) || include.startsWith("ui/pages/"_L1);
                if (file.startsWith("ui/shell/"_L1))
                    bad = bad || include.startsWith("ui/pages/"_L1) || include.startsWith("ui/operation/"_L1);
                if (file.startsWith("ui/pages/"_L1) && include.startsWith("ui/pages/"_L1))
                    bad = bad || include.section(u'/', 0, 2) != file.section(u'/', 0, 2);
            } else if (file.startsWith("app/plane/"_L1)) {
                bad = include.startsWith("ui/"_L1) || include.startsWith("models/transport/"_L1) || include.startsWith("models/items/"_L1)
                    || include.startsWith("models/fleet/"_L1) || include.startsWith("QtWidgets/"_L1) || include.startsWith("QtNetwork/"_L1);
                bad = bad || (include.startsWith("boost/"_L1) && !file.startsWith("app/plane/server/"_L1));
            } else if (file.startsWith("app/verify/"_L1)) {
                // Only what reads a log behind a URL knows the network, and of what knows it no more than the transport.
                const bool remote = file == "app/verify/remotelog.cpp"_L1;
                const QString room = modelRoomOf(include);
                bad = !room.isEmpty() && m_rooms[room].floor > 3 && !(remote && room == "transport"_L1);
                bad = bad || ((include.startsWith("QtNetwork/"_L1) || include.startsWith("models/transport/"_L1)) && !remote);
                bad = bad || include.startsWith("ui/"_L1) || include.startsWith("app/console/"_L1) || include.startsWith("app/plane/"_L1);
            }
            bad = bad || (include.startsWith("boost/"_L1) && !file.startsWith("app/plane/server/"_L1));
            if (bad)
                wrong << file + u" includes "_s + include;
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::includesStartAtTheRoot()
{
    static const QRegularExpression quoted(uR"x(^\s*#\s*include\s*"([^"]+)")x"_s, QRegularExpression::MultilineOption);
    QStringList wrong;
    for (const QString &file : std::as_const(m_code)) {
        for (auto it = quoted.globalMatch(read(m_root + u'/' + file)); it.hasNext();) {
            const QString include = it.next().captured(1);
            if (!include.endsWith(".moc"_L1) && !QFile::exists(m_root + u'/' + include))
                wrong << file + u" includes \""_s + include + u'"';
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::bannedWords_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("except");
    QTest::newRow("then with a context") << uR"(\.then\(\s*(this|context|parent))"_s << u""_s << u""_s;
    QTest::newRow("coroutines") << uR"(\bco_(await|return|yield)\b)"_s << u""_s << u""_s;
    QTest::newRow("nested event loops") << uR"(\bQEventLoop\b|processEvents\()"_s << u""_s << u""_s;
    QTest::newRow("sender()") << uR"(\bsender\(\))"_s << u""_s << u""_s;
    QTest::newRow("string connects") << uR"(\b(SIGNAL|SLOT)\s*\()"_s << u""_s << u""_s;
    QTest::newRow("sort and filter proxies") << uR"(QSortFilterProxyModel)"_s << u""_s << u""_s;
    QTest::newRow("sleeping") << uR"(\b(u?sleep|msleep|nanosleep|sleep_for|sleep_until)\s*\()"_s << u""_s << u""_s;
    QTest::newRow("QLabel outside the kit's text") << uR"(\bQLabel\b)"_s << u"ui/"_s << u"ui/kit/text/"_s;
    QTest::newRow("message boxes") << uR"(\bQ(MessageBox|InputDialog|ErrorMessage)\b)"_s << u""_s << u""_s;
    QTest::newRow("rich text") << uR"(\bsetHtml\(|Qt::(Rich|Auto|Markdown)Text\b|QTextDocument\b)"_s << u""_s << u"ui/kit/tooltip"_s;
    QTest::newRow("style sheets") << uR"(setStyleSheet\()"_s << u""_s << u""_s;
    QTest::newRow("unfinished") << uR"(\b(TODO|FIXME|XXX)\b)"_s << u""_s << u""_s;
    QTest::newRow("looks in the models") << uR"(\bQ(Color|Icon|Pixmap|Brush|Font)\b)"_s << u"models/"_s << u""_s;
    QTest::newRow("a shell") << uR"(\b(system|popen)\s*\(\s*["a-z])"_s << u""_s << u"models/core/"_s;
}

void TestArchitecture::bannedWords()
{
    QFETCH(QString, pattern);
    QFETCH(QString, folder);
    QFETCH(QString, except);
    const QRegularExpression banned(pattern);
    static const QRegularExpression comment(uR"(//[^\n]*)"_s);
    QStringList wrong;
    for (const QString &file : std::as_const(m_code)) {
        if (!file.startsWith(folder) || (!except.isEmpty() && file.startsWith(except)))
            continue;
        const QStringList lines = read(m_root + u'/' + file).split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            QString line = lines[i];
            if (QTest::currentDataTag() != QByteArray("unfinished"))
                line.remove(comment);
            if (banned.match(line).hasMatch())
                wrong << u"%1:%2: %3"_s.arg(file).arg(i + 1).arg(line.trimmed());
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

// raw() gives text as an attacker wrote it. Only rooms that store, compare or transmit may ask for it.
void TestArchitecture::untrustedTextStaysInert()
{
    static const QRegularExpression raw(uR"([.>]raw\(\))"_s);
    static const QStringList allowed{u"models/core/"_s, u"models/domain/"_s, u"models/wire/"_s, u"models/storage/"_s, u"models/query/"_s, u"models/evidence/"_s, u"models/formats/"_s,
        u"models/operation/"_s, u"models/response/"_s, u"models/connectors/"_s, u"models/items/"_s, u"app/plane/"_s};
    QStringList wrong;
    for (const QString &file : std::as_const(m_code)) {
        if (std::any_of(allowed.begin(), allowed.end(), [&](const QString &room) { return file.startsWith(room); }))
            continue;
        if (raw.match(read(m_root + u'/' + file)).hasMatch())
            wrong << file;
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::everyFileNamesItsLicence()
{
    QStringList wrong;
    const auto check = [&](const QString &folder, const QStringList &names) {
        QDirIterator it(m_root + u'/' + folder, names, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString path = it.next();
            QFile file(path);
            if (file.open(QIODevice::ReadOnly) && !file.read(400).contains("SPDX-License-Identifier: GPL-3.0-or-later"))
                wrong << path;
        }
    };
    for (const QString &folder : {u"models"_s, u"ui"_s, u"app"_s, u"tests"_s})
        check(folder, {u"*.h"_s, u"*.cpp"_s, u"*.py"_s, u"*.sh"_s, u"CMakeLists.txt"_s});
    check(u"packaging"_s, {u"*.cmake"_s, u"setup"_s, u"run"_s, u"test"_s, u"bench"_s});
    check(u"resources"_s, {u"*.svg"_s, u"*.yaml"_s});
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::everyRoomHasItsPage()
{
    QSet<QString> rooms;
    for (const QString &file : std::as_const(m_code)) {
        const QString room = file.section(u'/', 0, -2);
        if (room.contains(u'/'))
            rooms << room;
    }
    QStringList wrong;
    for (const QString &room : std::as_const(rooms)) {
        const qsizetype lines = read(m_root + u'/' + room + u"/README.md"_s).count(u'\n');
        if (lines < 4 || lines > 25)
            wrong << u"%1/README.md has %2 lines (5 to 15 wanted)"_s.arg(room).arg(lines);
    }
    wrong.sort();
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::filesStaySmall()
{
    QStringList exempt = read(m_root + u"/tests/architecture/long-files.txt"_s).split(u'\n', Qt::SkipEmptyParts);
    exempt.removeIf([](const QString &line) { return line.startsWith(u'#'); });
    QVERIFY2(exempt.size() <= 10, "at most ten exemptions");
    QStringList wrong;
    QVector<qsizetype> sizes;
    for (const QString &file : std::as_const(m_code)) {
        const qsizetype lines = read(m_root + u'/' + file).count(u'\n');
        sizes << lines;
        const bool excused = std::any_of(exempt.begin(), exempt.end(), [&](const QString &line) { return line.section(u' ', 0, 0) == file; });
        if (lines > 600 && !excused)
            wrong << u"%1 has %2 lines (600 at most)"_s.arg(file).arg(lines);
    }
    std::sort(sizes.begin(), sizes.end());
    if (sizes[sizes.size() / 2] > 140)
        wrong << u"the median file has %1 lines"_s.arg(sizes[sizes.size() / 2]);
    if (sizes[sizes.size() * 95 / 100] > 450)
        wrong << u"one file in twenty has more than %1 lines"_s.arg(sizes[sizes.size() * 95 / 100]);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::linksLeadSomewhere()
{
    static const QRegularExpression link(uR"(\]\(([^)#:\s]+)\))"_s);
    static const QRegularExpression path(uR"(`((?:models|ui|app|tests|resources|packaging)/[A-Za-z0-9_./-]+)`)"_s);
    QStringList wrong;
    QStringList pages{u"README.md"_s, u"ARCHITECTURE.md"_s, u"CONTRIBUTING.md"_s, u"SECURITY.md"_s, u"CHANGELOG.md"_s};
    for (const QString &folder : {u"models"_s, u"ui"_s, u"app"_s, u"resources"_s}) {
        QDirIterator it(m_root + u'/' + folder, {u"*.md"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            pages << QDir(m_root).relativeFilePath(it.next());
    }
    for (const QString &page : std::as_const(pages)) {
        const QString text = read(m_root + u'/' + page);
        if (text.isEmpty())
            wrong << page + u" is missing"_s;
        const QDir here(m_root + u'/' + page.section(u'/', 0, -2));
        for (auto it = link.globalMatch(text); it.hasNext();) {
            const QString target = it.next().captured(1);
            if (!here.exists(target))
                wrong << page + u" links "_s + target;
        }
        for (auto it = path.globalMatch(text); it.hasNext();) {
            const QString target = it.next().captured(1);
            if (!QFileInfo::exists(m_root + u'/' + target))
                wrong << page + u" names "_s + target;
        }
    }
    QVERIFY2(read(m_root + u"/ARCHITECTURE.md"_s).count(u'\n') <= 150, "ARCHITECTURE.md holds at most 150 lines");
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestArchitecture::noPathOfAMachine()
{
    static const QRegularExpression machine(uR"((^|[\s"'=(])/(root|home/[a-z]+|work|tmp/w)/)"_s);
    QStringList wrong;
    QStringList files = m_code + sources({u"tests"_s});
    for (const QString &folder : {u"packaging"_s, u"resources"_s}) {
        QDirIterator it(m_root + u'/' + folder, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            files << QDir(m_root).relativeFilePath(it.next());
    }
    for (const QString &file : std::as_const(files)) {
        if (file.endsWith(".png"_L1) || file.endsWith("tst_architecture.cpp"_L1))
            continue;
        for (const QString &line : read(m_root + u'/' + file).split(u'\n')) {
            if (machine.match(line).hasMatch() && !line.contains("/home/dev"_L1) && !line.contains("/home/op/"_L1))
                wrong << file + u": "_s + line.trimmed();
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
