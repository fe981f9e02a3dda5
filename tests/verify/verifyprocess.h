// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify as a process, and a published log in a folder for it.
#pragma once

#include "models/transparency/checkpoint.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/merkletree.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

namespace parapet::verify {

struct Ran {
    int code = -1;
    QString out;
    QString err;

    QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
    /// "holds", "fails", "notChecked"; empty when there is no such finding.
    QString state(const QString &id) const { return finding(id).value(QLatin1String("state")).toString(); }
    QString why(const QString &id) const
    {
        QStringList all;
        for (const QJsonValue &why : finding(id).value(QLatin1String("why")).toArray())
            all.append(why.toString());
        return all.join(u'\n');
    }

private:
    QJsonObject finding(const QString &id) const
    {
        for (const QJsonValue &value : json().value(QLatin1String("findings")).toArray()) {
            if (value.toObject().value(QLatin1String("id")).toString() == id)
                return value.toObject();
        }
        return {};
    }
};

inline QString verifyProgram()
{
    return QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-verify");
}

/// The folder in which it runs, where its conflict bundles end up when nothing else is said.
inline QString scratchFolder()
{
    static const QTemporaryDir folder;
    return folder.path();
}

/// The conflict bundle that a run wrote, wherever it was.
inline QByteArray bundleOf(const Ran &ran)
{
    const QString name = ran.json().value(QLatin1String("conflictBundle")).toString();
    QFile file(QDir(scratchFolder()).absoluteFilePath(name));
    return !name.isEmpty() && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline Ran runVerify(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.setWorkingDirectory(scratchFolder());
    process.start(verifyProgram(), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

/// Inverts a bit of the byte at `place`, counted from the end when negative.
inline void flip(const QString &path, qsizetype place)
{
    QByteArray bytes = readFile(path);
    bytes[place < 0 ? bytes.size() + place : place] ^= 1;
    writeFile(path, bytes);
}

/// A log of events that is published into a folder as C2SP tlog-tiles says.
class FolderLog
{
public:
    explicit FolderLog(QString folder, const QString &origin = QStringLiteral("test.example/log"))
        : signer(*crypto::NoteSigner::make(origin, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519))), m_folder(std::move(folder))
    {
    }

    QString key() const { return signer.verifier().text(); }
    QString path(const QString &inside) const { return m_folder + u'/' + inside; }
    qint64 size() const { return m_entries.size(); }
    const QVector<QByteArray> &entries() const { return m_entries; }
    transparency::TreeHead head() const { return {m_tree.size(), m_tree.root()}; }
    QByteArray note() const { return transparency::signCheckpoint({signer.name, head(), {}}, signer); }

    AuditEvent event() const
    {
        AuditEvent event;
        event.index = size();
        event.time = Instant(std::chrono::milliseconds(1'800'000'000'000 + event.index));
        event.actor = PrincipalId(QStringLiteral("p-amara"));
        event.action = QStringLiteral("workspace.stop");
        event.target = Untrusted(QStringLiteral("ws-%1").arg(event.index % 7));
        event.source = QStringLiteral("local");
        event.origin = event.index % 3 ? QStringLiteral("control") : QStringLiteral("agent");
        return event;
    }
    void append(AuditEvent event)
    {
        if (event.originSequence == 0)
            event.originSequence = ++m_numbers[event.origin];
        else
            m_numbers[event.origin] = event.originSequence;
        append(transparency::leafOf(event));
    }
    void append(const QByteArray &entry)
    {
        m_entries.append(entry);
        m_tree.append(transparency::leafHash(entry));
    }
    void grow(qint64 to)
    {
        while (size() < to)
            append(event());
    }
    /// Short entries that are no events: a tall tree in little time.
    void growPlain(qint64 to)
    {
        while (size() < to)
            append("entry " + QByteArray::number(size()));
    }

    void publish()
    {
        using transparency::TileId;
        for (const transparency::Tile &tile : m_tree.takeChangedTiles())
            writeFile(path(TileId{tile.level, tile.index, tile.width()}.path()), tile.hashes);
        for (qint64 from = 0; from < size(); from += TileId::fullWidth) {
            const int width = int(std::min<qint64>(TileId::fullWidth, size() - from));
            QByteArray bundle;
            for (const QByteArray &entry : m_entries.mid(from, width))
                transparency::appendEntry(bundle, entry);
            writeFile(path(TileId{TileId::entriesLevel, from / TileId::fullWidth, width}.path()), bundle);
        }
        writeFile(path(QStringLiteral("checkpoint")), note());
    }

    crypto::NoteSigner signer;

private:
    QString m_folder;
    transparency::MerkleTree m_tree;
    QVector<QByteArray> m_entries;
    QHash<QString, qint64> m_numbers;
};

} // namespace parapet::verify
