// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/asciicast.h"

#include "models/formats/jsonline.h"

#include <QtCore/QCoreApplication>

#include <cmath>

namespace parapet::formats {

using namespace Qt::StringLiterals;

namespace {

QString castText(const char *text)
{
    return QCoreApplication::translate("formats", text);
}

Failure badCast(qint64 line, const QString &what)
{
    return fail(Error::Code::Invalid, castText("Line %1 of the recording: %2").arg(line).arg(what));
}

/// A whole number within the bounds; 0 when it is none.
int sideOf(const JsonMembers &header, std::string_view name)
{
    const auto member = header.at_key(name);
    int64_t side = 0;
    if (member.error() || member.value_unsafe().get_int64().get(side) || side < 1 || side > Asciicast::maximumSide)
        return 0;
    return int(side);
}

/// "80x24"; false when it is not that.
bool readSize(std::string_view text, int &columns, int &rows)
{
    const QByteArrayView view(text.data(), qsizetype(text.size()));
    const qsizetype cross = view.indexOf('x');
    const auto side = [](QByteArrayView digits, int &out) {
        if (digits.isEmpty() || digits.size() > 4)
            return false;
        out = 0;
        for (const char digit : digits) {
            if (digit < '0' || digit > '9')
                return false;
            out = out * 10 + (digit - '0');
        }
        return out >= 1 && out <= Asciicast::maximumSide;
    };
    return cross > 0 && side(view.first(cross), columns) && side(view.sliced(cross + 1), rows);
}

Status readHeader(JsonLine &json, QByteArrayView line, Asciicast &out)
{
    const Result<JsonMembers> header = json.parse(line);
    if (!header)
        return badCast(1, header.error().message);
    const auto version = header->at_key("version");
    int64_t number = 0;
    if (version.error() || version.value_unsafe().get_int64().get(number))
        return badCast(1, castText("It names no version, so this is no asciinema recording."));
    if (number != 2)
        return badCast(1, castText("It is asciicast version %1. Only version 2 can be shown: convert it with \"asciinema convert\".").arg(number));
    out.columns = sideOf(*header, "width");
    out.rows = sideOf(*header, "height");
    if (out.columns == 0 || out.rows == 0)
        return badCast(1, castText("The width and the height must be whole numbers from 1 to %1.").arg(Asciicast::maximumSide));
    const auto text = [&](std::string_view name) {
        const std::string_view found = textOf(*header, name);
        return Untrusted(QString::fromUtf8(found.data(), qsizetype(std::min<size_t>(found.size(), 4096))));
    };
    out.title = text("title");
    out.command = text("command");
    const auto stamp = header->at_key("timestamp");
    double seconds = 0;
    constexpr double lastSecond = 253402300799; // of the year 9999
    if (!stamp.error() && !stamp.value_unsafe().get_double().get(seconds) && seconds > 0 && seconds <= lastSecond)
        out.started = Instant(Milliseconds(qint64(seconds * 1000)));
    return {};
}

/// What was passed over or put right, counted so that a damaged file gives three remarks and not a million.
struct CastFlaws {
    qint64 backwards = 0;
    qint64 firstBackwards = 0;
    qint64 unknown = 0;
    qint64 sizes = 0;
};

Status readEvent(JsonLine &json, QByteArrayView line, qint64 number, Asciicast &out, CastFlaws &flaws)
{
    const Result<JsonItems> items = json.parseArray(line);
    if (!items)
        return badCast(number, items.error().message);
    if (items->size() != 3)
        return badCast(number, castText("An event has a time, a code and its data."));
    double seconds = 0;
    if (items->at(0).get_double().get(seconds) || !std::isfinite(seconds) || seconds < 0 || seconds > Asciicast::longest)
        return badCast(number, castText("The time must be a number of seconds from 0 to a month."));
    const JsonNode codeNode = items->at(1).value_unsafe();
    const JsonNode dataNode = items->at(2).value_unsafe();
    if (!codeNode.is_string() || !dataNode.is_string())
        return badCast(number, castText("Code and data of an event are strings."));
    const std::string_view code = textOf(codeNode);
    const std::string_view data = textOf(dataNode);
    Asciicast::Event event;
    event.at = std::llround(seconds * 1'000'000);
    event.code = quint32(Asciicast::Kind::Output);
    if (const qint64 before = out.duration(); event.at < before) {
        if (flaws.backwards++ == 0)
            flaws.firstBackwards = number;
        event.at = before;
    }
    if (code == "r") {
        int columns = 0;
        int rows = 0;
        if (!readSize(data, columns, rows)) {
            ++flaws.sizes;
            return {};
        }
        event.code = quint32(Asciicast::Kind::Resize);
        event.first = quint32(columns);
        event.length = quint32(rows);
        out.events.append(event);
        return {};
    }
    if (code == "i")
        event.code = quint32(Asciicast::Kind::Input);
    else if (code == "m")
        event.code = quint32(Asciicast::Kind::Marker);
    else if (code != "o") {
        ++flaws.unknown;
        return {};
    }
    event.first = quint32(out.text.size());
    event.length = quint32(data.size());
    out.text.append(data.data(), qsizetype(data.size()));
    out.events.append(event);
    return {};
}

void addRemarks(const CastFlaws &flaws, Asciicast &out)
{
    const auto many = [](const char *text, qint64 count) {
        return QCoreApplication::translate("formats", text, nullptr, int(std::min<qint64>(count, std::numeric_limits<int>::max())));
    };
    if (flaws.backwards > 0)
        out.remarks << many(QT_TRANSLATE_N_NOOP("formats", "%Ln time(s) go back; the first is on line %1. They are shown as standing still."), flaws.backwards).arg(flaws.firstBackwards);
    if (flaws.unknown > 0)
        out.remarks << many(QT_TRANSLATE_N_NOOP("formats", "%Ln event(s) of an unknown kind were passed over."), flaws.unknown);
    if (flaws.sizes > 0)
        out.remarks << many(QT_TRANSLATE_N_NOOP("formats", "%Ln change(s) of size out of bounds were passed over."), flaws.sizes);
}

} // namespace

Result<Asciicast> Asciicast::parse(QByteArrayView file)
{
    if (file.size() > maximumFile)
        return fail(Error::Code::Invalid, castText("The recording is larger than 64 MB."));
    JsonLine json;
    Asciicast out;
    out.text.reserve(file.size());
    CastFlaws flaws;
    qint64 number = 0;
    for (qsizetype at = 0; at < file.size();) {
        ++number;
        const qsizetype end = file.indexOf('\n', at);
        const bool torn = end < 0;
        QByteArrayView line = file.sliced(at, (torn ? file.size() : end) - at);
        at += line.size() + 1;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.isEmpty() && number > 1)
            continue;
        const Status read = line.size() > maximumLine ? Status(badCast(number, castText("It is longer than 1 MB.")))
            : number == 1                             ? readHeader(json, line, out)
                                                      : readEvent(json, line, number, out, flaws);
        if (read)
            continue;
        // What was being written when the recorder died has no end of line.
        if (!torn || number == 1)
            return fail(read.error());
        out.remarks << castText("The last line, %1, was cut off and is not shown.").arg(number);
    }
    if (number == 0)
        return fail(Error::Code::Invalid, castText("The recording is empty: not even a header was written."));
    addRemarks(flaws, out);
    out.text.squeeze();
    return out;
}

} // namespace parapet::formats
