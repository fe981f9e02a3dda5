// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/redact.h"

#include <QtCore/QRegularExpression>

#include <array>

namespace parapet {

QString redacted(const QString &text)
{
    struct Rule {
        QRegularExpression pattern;
        QString replacement;
    };
    static const auto rule = [](const char *pattern, const char *replacement) {
        return Rule{
            QRegularExpression(QString::fromLatin1(pattern), QRegularExpression::CaseInsensitiveOption |
                                                                 QRegularExpression::DotMatchesEverythingOption),
            QString::fromLatin1(replacement)};
    };
    static const std::array rules{
        rule("-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?(-----END \\1PRIVATE KEY-----|\\z)", "[redacted]"),
        rule("\\b((?:proxy-)?authorization|cookie|set-cookie)\\s*[:=]\\s*[^\\r\\n]+", "\\1: [redacted]"),
        rule("\\b(bearer|basic)\\s+[A-Za-z0-9+/=_.~-]{6,}", "\\1 [redacted]"),
        rule("\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*", "[redacted]"),
        rule("(://)[^/\\s@:]*:[^/\\s@]*@", "\\1[redacted]@"),
        rule("([\"']?\\b[A-Za-z_-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key)[\"']?\\s*[:="
             "]\\s*)"
             "(\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\s&,;}\"]+)",
             "\\1[redacted]"),
    };
    QString clean = text;
    for (const Rule &r : rules)
        clean.replace(r.pattern, r.replacement);
    return clean;
}

} // namespace parapet
