// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/listing/queryfilter.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

namespace parapet {
class RecordingModel;
struct Recording;
}
namespace parapet::kit {
class Banner;
class DetailSplitter;
class FilterField;
class StatePage;
class TableView;
}

namespace parapet::pages {

class RecordingPane;

/// Terminal recordings, and one of them played.
/// Places: recordings?filter=…&sort=…&order=desc&id=RECORDING&at=SECONDS&full=1 (the id opens it, at that second).
class RecordingsPage : public shell::Page
{
    Q_OBJECT

public:
    explicit RecordingsPage(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~RecordingsPage() override;

    QVector<shell::Command> commands() override;
    QWidget *firstFocus() override;
    QWidget *filterWidget() override;

    kit::TableView *table() const { return m_table; }
    RecordingModel *model() const { return m_model; }
    RecordingPane *pane() const { return m_pane; }

protected:
    void showLocation(const shell::Location &place) override;
    void activated() override;
    void deactivated() override;

private:
    void makeHeader();
    void makeContent();
    void follow();
    void applyFilter(const QString &filter);
    void applyQuery(const Query &query);
    void showState();
    void showFigures();
    void showNothing();
    void open(const Recording &recording, bool full);
    void openId(const QString &id);
    void closePane();
    void setFull(bool full);
    void syncPane();
    void reportObjects();
    const Recording *currentRow() const;

    shell::ConsoleContext &m_context;
    listing::QueryFilter m_syntax;
    RecordingModel *m_model;
    kit::FilterField *m_filter = nullptr;
    kit::TableView *m_table = nullptr;
    kit::StatePage *m_states = nullptr;
    kit::Banner *m_banner = nullptr;
    QWidget *m_list = nullptr;
    kit::DetailSplitter *m_splitter = nullptr;
    RecordingPane *m_pane = nullptr;
    QString m_wantedId;
    qint64 m_wantedAt = -1; ///< where that one is to be shown: microseconds
    bool m_focusWaits = false;
};

} // namespace parapet::pages
