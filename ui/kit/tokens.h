// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/theme.h"

#include <array>

namespace parapet::kit {

/// One row of the token table: the role's name and its ARGB colour in each theme.
struct Token {
    const char *name;
    quint32 dark;
    quint32 light;
    quint32 highContrast;
};

/// The one place where colours are written, in the order of Role.
constexpr std::array<Token, RoleCount> tokenTable{{
    {"window", 0xFF0E1114, 0xFFF2F4F6, 0xFF000000},
    {"surface", 0xFF13171B, 0xFFFFFFFF, 0xFF000000},
    {"raised", 0xFF191E23, 0xFFF8F9FA, 0xFF0A0A0A},
    {"sunken", 0xFF0F1316, 0xFFF5F6F8, 0xFF000000},
    {"hover", 0xFF1D2329, 0xFFF0F2F5, 0xFF1F1F1F},
    {"control", 0xFF20272E, 0xFFFFFFFF, 0xFF000000},
    {"overlay", 0xFF1B2127, 0xFFFFFFFF, 0xFF0A0A0A},
    {"line", 0xFF262D34, 0xFFE0E4E8, 0xFF8C8C8C},
    {"line-strong", 0xFF414B55, 0xFFB9C1C9, 0xFFFFFFFF},
    {"grid", 0xFF20262C, 0xFFECEFF2, 0xFF4D4D4D},
    {"text", 0xFFE8ECEF, 0xFF14191E, 0xFFFFFFFF},
    {"text-2", 0xFFAEB8C1, 0xFF46515B, 0xFFF0F0F0},
    {"text-3", 0xFF8D99A4, 0xFF5C6772, 0xFFD6D6D6},
    {"text-disabled", 0xFF5F6A74, 0xFF9AA4AE, 0xFFA8A8A8},
    {"accent", 0xFF6BA8F7, 0xFF1D5BBF, 0xFF7FD4FF},
    {"accent-fill", 0xFF2B66CC, 0xFF1F5FC8, 0xFF7FD4FF},
    {"accent-fill-hover", 0xFF3672DB, 0xFF1A53B2, 0xFFB5E6FF},
    {"on-accent", 0xFFFFFFFF, 0xFFFFFFFF, 0xFF000000},
    {"focus", 0xFF8ABCFF, 0xFF1F5FC8, 0xFFFFFF00},
    {"selection", 0xFF1B3050, 0xFFDCE8FA, 0xFF003A66},
    {"selection-soft", 0xFF172434, 0xFFEEF4FD, 0xFF00243F},
    {"critical", 0xFFFF6B63, 0xFFB9211A, 0xFFFF8A80},
    {"critical-fill", 0xFFC9342C, 0xFFC4261D, 0xFFFF8A80},
    {"critical-soft", 0xFF351A1B, 0xFFFCEBEA, 0xFF3D0000},
    {"high", 0xFFFF9A52, 0xFFA84A05, 0xFFFFB366},
    {"high-soft", 0xFF33221A, 0xFFFDF0E4, 0xFF331A00},
    {"medium", 0xFFE3BC45, 0xFF7A5C00, 0xFFFFE55C},
    {"medium-soft", 0xFF2E2817, 0xFFFBF4DC, 0xFF2E2700},
    {"low", 0xFF86B4D8, 0xFF2F638C, 0xFFA8D8FF},
    {"low-soft", 0xFF18262F, 0xFFE8F1F8, 0xFF001F33},
    {"info", 0xFF8D99A4, 0xFF5C6772, 0xFFD6D6D6},
    {"info-soft", 0xFF20262C, 0xFFEEF0F3, 0xFF1F1F1F},
    {"ok", 0xFF4CC38A, 0xFF14703F, 0xFF6BFFB0},
    {"ok-soft", 0xFF14291F, 0xFFE6F5EC, 0xFF002E17},
    {"requested", 0xFFE3BC45, 0xFF7A5C00, 0xFFFFE55C},
    {"stale", 0xFF9AA5AF, 0xFF5C6772, 0xFFD6D6D6},
    {"chart-1", 0xFF6BA8F7, 0xFF2766C8, 0xFF7FD4FF},
    {"chart-2", 0xFF3DB5A5, 0xFF0E7468, 0xFF6BFFB0},
    {"chart-3", 0xFFD9A441, 0xFF8A5F00, 0xFFFFE55C},
    {"chart-4", 0xFFC77DA3, 0xFFA04A7A, 0xFFFFA8DC},
    {"chart-5", 0xFF8D99A4, 0xFF5F6A75, 0xFFD6D6D6},
    {"chart-6", 0xFFE07B53, 0xFFA8461B, 0xFFFFB366},
    {"scrim", 0x99050709, 0x661A2027, 0xB3000000},
    {"jewel", 0xFFF2D06B, 0xFF7C5A00, 0xFFFFE55C},
}};

/// One step of the type scale: pixels at scale 1, line height, weight, mono or not.
struct TypeToken {
    const char *name;
    double pixels;
    int line;
    int weight;
    bool mono;
};

constexpr std::array<TypeToken, TypeCount> typeTable{{
    {"display", 26, 34, 600, false},
    {"figure", 24, 30, 600, true},
    {"sheet-title", 17, 24, 600, false},
    {"title", 16, 24, 600, false},
    {"dialog-title", 15, 20, 600, false},
    {"body", 13, 18, 400, false},
    {"body-strong", 13, 18, 600, false},
    {"table", 12.5, 16, 400, false},
    {"button", 12.5, 16, 500, false},
    {"section", 12, 16, 600, false},
    {"small", 12, 16, 400, false},
    {"column-header", 11.5, 16, 500, false},
    {"status", 11.5, 16, 400, false},
    {"caption", 11, 15, 400, false},
    {"mono", 12, 16, 400, true},
    {"mono-small", 11, 16, 400, true},
    {"axis", 10.5, 14, 400, true},
}};

} // namespace parapet::kit
