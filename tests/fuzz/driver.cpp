// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target over its corpus and over changes of it: the same ones in each run, so that a failure can be repeated anywhere.
//
//   fuzz_NAME FOLDER-or-FILE [ROUNDS]
#include "tests/fuzz/target.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

#include <csignal>
#include <random>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

constexpr int defaultRounds = 4000;
constexpr std::size_t longest = 64 * 1024; ///< what a changed input may grow to

QByteArray current; ///< what the target is working on

/// Only what a signal handler may call.
void tellInput(int signal)
{
    constexpr std::string_view digits = "0123456789abcdef";
    char line[128];
    const auto put = [](const char *text, std::size_t size) { return write(STDERR_FILENO, text, size); };
    put("failed on the bytes (hex):\n", 27);
    std::size_t filled = 0;
    for (const char byte : current) {
        line[filled++] = digits[(unsigned char)(byte) >> 4];
        line[filled++] = digits[(unsigned char)(byte)&15];
        if (filled == sizeof line) {
            put(line, filled);
            filled = 0;
        }
    }
    line[filled++] = '\n';
    put(line, filled);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const QByteArray &input)
{
    current = input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(current.constData()), std::size_t(current.size()));
}

/// One to four small changes: of the kinds that parsers trip over.
QByteArray changed(QByteArray bytes, const QList<QByteArray> &corpus, std::mt19937 &random)
{
    const auto below = [&random](qsizetype limit) { return limit > 0 ? qsizetype(random() % quint32(limit)) : 0; };
    static constexpr std::string_view telling = "\0\n\r\t \"'\\/{}[](),:;=-+.%&<>#@!~|0129eEAZaz\x7f\x80\xc0\xe2\xed\xf4\xff";
    for (qsizetype change = below(4); change >= 0; --change) {
        const qsizetype at = below(bytes.size() + 1);
        switch (below(8)) {
        case 0:
            if (at < bytes.size())
                bytes[at] = char(bytes.at(at) ^ (1 << below(8)));
            break;
        case 1:
            if (at < bytes.size())
                bytes[at] = telling[std::size_t(below(qsizetype(telling.size())))];
            break;
        case 2:
            bytes.insert(at, telling[std::size_t(below(qsizetype(telling.size())))]);
            break;
        case 3:
            bytes.remove(at, 1 + below(16));
            break;
        case 4:
            bytes.insert(at, bytes.mid(below(bytes.size()), 1 + below(64)));
            break;
        case 5: {
            const QByteArray &other = corpus.at(below(corpus.size()));
            bytes = bytes.left(at) + other.mid(below(other.size()));
            break;
        }
        case 6:
            bytes.truncate(at);
            break;
        default:
            bytes.insert(at, QByteArray(1 + below(300), telling[std::size_t(below(qsizetype(telling.size())))]));
        }
    }
    bytes.truncate(qsizetype(longest));
    return bytes;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s FOLDER-or-FILE [ROUNDS]\n", argv[0]);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS})
        std::signal(signal, tellInput);
    QList<QByteArray> corpus{QByteArray()};
    const QFileInfo from(QString::fromLocal8Bit(argv[1]));
    const QFileInfoList files = from.isDir() ? QDir(from.filePath()).entryInfoList(QDir::Files, QDir::Name) : QFileInfoList{from};
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly)) {
            std::fprintf(stderr, "cannot read %s\n", qPrintable(info.filePath()));
            return 2;
        }
        corpus << file.readAll();
    }
    if (corpus.size() < 2) {
        std::fprintf(stderr, "no corpus in %s\n", argv[1]);
        return 2;
    }
    for (const QByteArray &input : std::as_const(corpus))
        run(input);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : defaultRounds;
    std::mt19937 random(1); // the same changes in each run
    for (int i = 0; i < rounds; ++i)
        run(changed(corpus.at(qsizetype(random() % quint32(corpus.size()))), corpus, random));
    std::printf("%d inputs and %d changes of them\n", int(corpus.size()), rounds);
    return 0;
}
