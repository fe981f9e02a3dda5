// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/lineimporter.h"

namespace parapet::formats {

/// Audit device files of HashiCorp Vault and OpenBao: one JSON entry a line, `type` "request" or "response" (developer.hashicorp.com,
/// "Audit devices"; openbao.org, the same). A request waits for its response, by request.id, and is joined to it; one that stays
/// alone becomes an event that says so. Hashed values stay as they are. The table is in resources/formats/import.md.
std::unique_ptr<LineImporter> makeVaultImporter();

} // namespace parapet::formats
