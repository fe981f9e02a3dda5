// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/snapshotwriter.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "tests/plane/runtime/archivereader.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QByteArray &path)
{
    QFile file(QFile::decodeName(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A home folder and where its snapshot goes.
struct Ground {
    Ground()
    {
        QDir(folder.path()).mkdir(u"home"_s);
        QDir(folder.path()).mkdir(u"out"_s);
        home = QFile::encodeName(folder.filePath(u"home"_s));
        archive = QFile::encodeName(folder.filePath(u"out/snap.tar"_s));
        manifest = QFile::encodeName(folder.filePath(u"out/snap.manifest"_s));
    }
    ~Ground()
    {
        std::error_code ignored; // QTemporaryDir cannot remove names that are not UTF-8
        std::filesystem::remove_all(home.toStdString(), ignored);
    }
    void put(const QByteArray &name, const QByteArray &content) const
    {
        const int fd = ::open((home + '/' + name).constData(), O_WRONLY | O_CREAT | O_TRUNC, 0640);
        QVERIFY2(fd >= 0 && ::write(fd, content.constData(), size_t(content.size())) == content.size(),
                 name.constData());
        ::close(fd);
    }
    Result<plane::SnapshotWriter::Written> write(plane::SnapshotWriter::Limits limits = {}) const
    {
        plane::SnapshotWriter writer(archive, manifest, limits, cancelled);
        Status status = writer.open();
        if (status)
            status = writer.addStatement("state.json", "{}\n");
        if (status)
            status = writer.addHome(home);
        if (!status)
            return fail(status.error());
        return writer.finish();
    }
    QStringList left() const
    {
        return QDir(folder.filePath(u"out"_s)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    QTemporaryDir folder;
    QByteArray home;
    QByteArray archive;
    QByteArray manifest;
    std::atomic<bool> cancelled = false;
};

} // namespace

class TestSnapshotWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsWhatIsThere();
    void survivesHostileNames();
    void neverLeavesTheHome();
    void leavesNothingBehind_data();
    void leavesNothingBehind();
};

void TestSnapshotWriter::holdsWhatIsThere()
{
    const Ground ground;
    ground.put("small", "hello\n");
    ground.put("empty", "");
    ground.put("large", QByteArray(1'000'001, 'x'));
    QVERIFY(::mkdir((ground.home + "/z").constData(), 0750) == 0 &&
            ::mkdir((ground.home + "/z/deep").constData(), 0700) == 0);
    ground.put("z/deep/file", "deep");
    ground.put("z.txt", "sorts between z and z/");
    QVERIFY(::link((ground.home + "/small").constData(), (ground.home + "/twin").constData()) == 0);

    const auto written = ground.write();
    QVERIFY2(written, support::why(written));
    QCOMPARE(ground.left(), (QStringList{u"snap.manifest"_s, u"snap.tar"_s}));
    const QByteArray archive = contentOf(ground.archive);
    QCOMPARE(written->bytes, archive.size());
    QCOMPARE(written->archiveSha256, crypto::sha256Hex(archive));
    const QByteArray manifest = contentOf(ground.manifest);
    QCOMPARE(written->manifestSha256, crypto::sha256Hex(manifest));

    const QMap<QByteArray, ArchiveEntry> entries = readArchive(ground.archive);
    QByteArrayList paths;
    for (const QByteArray &line : manifest.chopped(1).split('\n')) {
        const auto json = parseJson(line);
        QVERIFY2(json, line.constData());
        QCOMPARE(canonicalJson(*json), line);
        const QJsonObject object = json->toObject();
        const QByteArray path = object[u"path"_s].toString().toUtf8();
        paths.append(path);
        QVERIFY2(entries.contains(path), path.constData());
        const ArchiveEntry entry = entries[path];
        QCOMPARE(object[u"mode"_s].toString().toUInt(nullptr, 8), entry.mode);
        if (S_ISREG(entry.mode)) {
            QCOMPARE(object[u"size"_s].toInteger(), entry.content.size());
            QCOMPARE(object[u"sha256"_s].toString(), crypto::sha256Hex(entry.content));
            if (path.startsWith("home/"))
                QCOMPARE(entry.content, contentOf(ground.home + path.mid(4)));
        }
    }
    QCOMPARE(written->files, paths.size());
    QCOMPARE(paths.size(), entries.size());
    QVERIFY(std::is_sorted(paths.cbegin(), paths.cend()));
    QCOMPARE(entries[".parapet/state.json"].content, "{}\n");
    QCOMPARE(entries["home/large"].content.size(), 1'000'001);
    QCOMPARE(entries["home/z/deep/file"].content, "deep");
}

void TestSnapshotWriter::survivesHostileNames()
{
    const Ground ground;
    const QByteArrayList names{"with blank",
                               "new\nline",
                               "\xff\xfe not utf-8",
                               "100%",
                               "\xe2\x80\xae"
                               "evil",
                               "-rf",
                               "quote\"s\\",
                               QByteArray(255, 'n'),
                               "\x1b[31mred",
                               "ümlaut"};
    for (const QByteArray &name : names)
        ground.put(name, "content of " + name);
    const auto written = ground.write();
    QVERIFY2(written, support::why(written));
    const QMap<QByteArray, ArchiveEntry> entries = readArchive(ground.archive);
    for (const QByteArray &name : names) {
        QVERIFY2(entries.contains("home/" + name), name.constData());
        QCOMPARE(entries["home/" + name].content, "content of " + name);
    }
    const QByteArray manifest = contentOf(ground.manifest);
    QCOMPARE(manifest.count('\n'), written->files);
    QVERIFY(manifest.contains("home/new%0Aline\""));
    QVERIFY(manifest.contains("home/%FF%FE not utf-8\""));
    QVERIFY(manifest.contains("home/100%25\""));
    QVERIFY(manifest.contains("home/ümlaut\""));
    for (const QByteArray &line : manifest.chopped(1).split('\n'))
        QVERIFY2(parseJson(line), line.constData());
}

void TestSnapshotWriter::neverLeavesTheHome()
{
    const Ground ground;
    const QByteArray outside = QFile::encodeName(ground.folder.filePath(u"outside"_s));
    QVERIFY(QDir(ground.folder.path()).mkdir(u"outside"_s));
    const int fd = ::open((outside + "/secret").constData(), O_WRONLY | O_CREAT, 0600);
    QVERIFY(::write(fd, "TOP-SECRET", 10) == 10);
    ::close(fd);
    const auto link = [&](const QByteArray &target, const char *name) {
        return ::symlink(target.constData(), (ground.home + '/' + name).constData()) == 0;
    };
    QVERIFY(link(outside + "/secret", "file") && link(outside, "folder") && link(".", "loop") &&
            link("/nowhere", "dangling") && link("/etc/passwd", "passwd"));
    QVERIFY(::mkfifo((ground.home + "/fifo").constData(), 0600) == 0); // opening it would wait for ever
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray place = ground.home + "/socket";
    QVERIFY(place.size() < qsizetype(sizeof address.sun_path));
    std::copy(place.cbegin(), place.cend(), address.sun_path);
    QVERIFY(::bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);

    const auto written = ground.write();
    ::close(socket);
    QVERIFY2(written, support::why(written));
    QVERIFY(!contentOf(ground.archive).contains("TOP-SECRET"));
    const QMap<QByteArray, ArchiveEntry> entries = readArchive(ground.archive);
    QVERIFY(S_ISLNK(entries["home/file"].mode));
    QCOMPARE(entries["home/file"].link, outside + "/secret");
    QVERIFY(S_ISFIFO(entries["home/fifo"].mode));
    QVERIFY(!entries.contains("home/folder/secret") && !entries.contains("home/loop/fifo"));
    const QByteArray manifest = contentOf(ground.manifest);
    QVERIFY(manifest.contains("{\"mode\":\"120777\",\"path\":\"home/dangling\",\"sha256\":\"" +
                              crypto::sha256("/nowhere").toHex() + "\",\"size\":8}\n"));
    QVERIFY(manifest.contains("\"path\":\"home/socket\",\"sha256\":\"\",\"size\":0}"));
}

void TestSnapshotWriter::leavesNothingBehind_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("too many files") << u"files"_s;
    QTest::newRow("too many bytes") << u"bytes"_s;
    QTest::newRow("cancelled") << u"cancelled"_s;
    QTest::newRow("no such home") << u"home"_s;
    QTest::newRow("home is a link") << u"link"_s;
    QTest::newRow("sparse giant") << u"sparse"_s;
    QTest::newRow("nested too deep") << u"deep"_s;
}

void TestSnapshotWriter::leavesNothingBehind()
{
    QFETCH(QString, what);
    Ground ground;
    for (int i = 0; i < 20; ++i)
        ground.put("file" + QByteArray::number(i), QByteArray(1000, 'x'));
    plane::SnapshotWriter::Limits limits;
    if (what == "files"_L1)
        limits.files = 10;
    if (what == "bytes"_L1)
        limits.bytes = 10'000;
    if (what == "cancelled"_L1)
        ground.cancelled = true;
    if (what == "home"_L1)
        ground.home += "-not-there";
    if (what == "link"_L1) {
        QVERIFY(::symlink("/etc", (ground.home + "-link").constData()) == 0);
        ground.home += "-link";
    }
    if (what == "sparse"_L1) {
        ground.put("sparse", "");
        QVERIFY(::truncate((ground.home + "/sparse").constData(), qint64(1) << 40) == 0);
    }
    if (what == "deep"_L1) {
        QByteArray path = ground.home;
        for (int i = 0; i < 300; ++i) {
            path += "/d";
            QVERIFY(::mkdir(path.constData(), 0700) == 0);
        }
    }
    const auto written = ground.write(limits);
    QVERIFY(!written);
    QVERIFY(!written.error().message.isEmpty());
    QVERIFY(written.error().code == (what == "cancelled"_L1 ? Error::Code::Cancelled : Error::Code::Storage));
    QCOMPARE(ground.left(), QStringList());
}

QTEST_GUILESS_MAIN(TestSnapshotWriter)
#include "tst_snapshotwriter.moc"
