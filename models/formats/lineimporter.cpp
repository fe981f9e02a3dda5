// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/lineimporter.h"

#include "models/formats/auditdimporter.h"
#include "models/formats/kubernetesaudit.h"
#include "models/formats/vaultaudit.h"

namespace parapet::formats {

namespace {

constexpr const char *formatNames[] = {"kubernetes", "vault", "auditd", "json"};

} // namespace

std::unique_ptr<LineImporter> makeImporter(ImportFormat format)
{
    switch (format) {
    case ImportFormat::Kubernetes:
        return makeKubernetesImporter();
    case ImportFormat::Vault:
        return makeVaultImporter();
    case ImportFormat::Auditd:
        return makeAuditdImporter();
    case ImportFormat::Json:
        break;
    }
    return nullptr;
}

bool formatFromName(QStringView name, ImportFormat &format)
{
    for (size_t i = 0; i < std::size(formatNames); ++i) {
        if (name == QLatin1String(formatNames[i])) {
            format = ImportFormat(i);
            return true;
        }
    }
    return false;
}

QString originOf(ImportFormat format)
{
    return QStringLiteral("import:") + QLatin1String(formatNames[size_t(format)]);
}

} // namespace parapet::formats
