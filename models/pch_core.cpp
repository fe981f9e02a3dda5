// SPDX-License-Identifier: GPL-3.0-or-later
// Exists so that the precompiled header belongs to a target of its own.
