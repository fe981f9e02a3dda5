// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/auditmodel.h"
#include "tests/support/provenlog.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventpane.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>

namespace parapet::support {

using namespace Qt::StringLiterals;

/// The Audit page over a log that is published and followed, with this desk's notes.
struct Room {
    explicit Room(qint64 events = 300) : log(desk.system), follower(folder.path(), desk.system.world.clock), notes(folder.path(), desk.system.world.clock)
    {
        desk.system.audit.matches = [this](const AuditEvent &event, const QString &filter) {
            const auto predicate = query::predicateFrom<AuditEvent>(filter);
            return predicate && predicate->matches(event, desk.system.world.clock.now());
        };
        log.grow(events);
        desk.context.setLog(&follower);
        desk.context.setNotes(&notes);
    }
    bool open()
    {
        notes.setSystem(u"ca"_s);
        desk.connectSystem();
        follower.setSystem(&desk.system.audit, desk.watch.get(), u"ca"_s, log.key());
        shown = std::make_unique<PageWindow<pages::AuditPage>>(desk.commands, desk.context);
        QObject::connect(page(), &shell::Page::locationRequested, page(), [this](const shell::Location &place) {
            places << place;
            page()->goTo(place);
        });
        return waitUntil([this] { return follower.state() == fleet::LogState::Verified && proof(0) == Proof::Verified && notes.isReady(); });
    }
    pages::AuditPage *page() const { return shown->page; }
    AuditModel &model() const { return *page()->model(); }
    Proof proof(int row) const { return Proof(model().index(row, 0).data(ProofRole).toInt()); }
    void choose(int row) { page()->table()->setCurrentIndex(model().index(row, 1)); }
    bool openEvent(int row)
    {
        choose(row);
        QTest::keyClick(page()->table(), Qt::Key_Return);
        return waitUntil([&] { return page()->detail()->isVisible() && page()->detail()->event().index == model().rowAt(row)->index; });
    }

    Desk desk;
    ProvenLog log;
    QTemporaryDir folder;
    fleet::LogFollower follower;
    fleet::EventNotes notes;
    QVector<shell::Location> places;
    std::unique_ptr<PageWindow<pages::AuditPage>> shown;
};

/// What was made, as a picture in the build folder.
inline void keepPicture(QWidget *widget, const QString &name)
{
    const QDir folder(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
    folder.mkpath(u"."_s);
    widget->grab().save(folder.filePath(name + u".png"_s));
}

} // namespace parapet::support
