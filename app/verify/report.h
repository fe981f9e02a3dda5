// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/verify.h"

#include <QtCore/QJsonObject>

namespace parapet::verify {

/// What checking anything found.
struct Checked {
    QString kind;            ///< "certificate", "proofBundle", "conflictBundle", "checkpoint", "log", "cosignature"
    evidence::Report report{}; ///< its `record` and `keySha256` for a certificate only
    QVector<std::pair<QString, QString>> stated{}; ///< what the document states, for a person: label and value, as they came
    QJsonObject states{};                       ///< the same for a program
    QString conclusion{};                       ///< translated: what follows when it holds; may be empty
    QString conflictBundle{};                   ///< where the evidence was written; empty when there is none

    /// Adds one to both.
    void state(const QString &label, const QString &name, const QString &value)
    {
        stated.append({label, value});
        states.insert(name, value);
    }
    void state(const QString &label, const QString &name, qint64 value)
    {
        stated.append({label, QString::number(value)});
        states.insert(name, value);
    }
};

/// A report for a terminal: what was stated, then each finding with why; every text from the document inert.
QString reportAsText(const Checked &checked);

/// One JSON object on one line: file, kind, readable, holds, keySha256, findings[{id, state, text, why[]}], what it states, and
/// conflictBundle where one was written.
QString reportAsJson(const QString &file, const Checked &checked);

/// The same shape for what could not be read: readable and holds are false, error says why, code is the Error::Code's name.
QString unreadableAsJson(const QString &file, const Error &error);

} // namespace parapet::verify
