// SPDX-License-Identifier: GPL-3.0-or-later
// The precompiled header of everything with a window.
#pragma once
#include "models/pch_core.h"

#include <QtGui/QAction>
#include <QtGui/QIcon>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QStyledItemDelegate>
#include <QtWidgets/QTableView>
#include <QtWidgets/QWidget>
