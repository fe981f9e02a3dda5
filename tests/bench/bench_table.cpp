// SPDX-License-Identifier: GPL-3.0-or-later
// The Workspaces page over ten million rows: opening it, scrolling it, jumping in it. Frames are timed from the end of one to the end of
// the next with nothing in between but the event loop, so that arriving pages count as well as painting.
#include "models/items/workspacemodel.h"
#include "tests/bench/figure.h"
#include "tests/bench/rowcontrol.h"
#include "tests/support/temporarysettings.h"
#include "ui/kit/tableview.h"
#include "ui/pages/workspaces/workspacespage.h"

#include <QtCore/QRandomGenerator>
#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>

using namespace parapet;

namespace {

constexpr qint64 tableRows = 10'000'000;
constexpr int openings = 15;
constexpr int frames = 3000;

/// Tells when the table's viewport has painted rows that are there.
class Painted : public QObject
{
public:
    explicit Painted(kit::TableView *table) : QObject(table), m_table(table) { table->viewport()->installEventFilter(this); }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Paint || m_inside)
            return false;
        m_inside = true;
        QCoreApplication::sendEvent(watched, event); // the table paints now, so that the end of it is seen
        m_inside = false;
        const QModelIndex first = m_table->indexAt(QPoint(40, 4));
        if (first.isValid() && first.siblingAtColumn(0).data(LoadStateRole).toInt() == int(LoadState::Loaded))
            QCoreApplication::exit(0); // quit() would close the window
        return true;
    }

private:
    kit::TableView *m_table;
    bool m_inside = false;
};

struct Bench {
    support::TemporarySettings settings;
    shell::CommandRegistry commands;
    shell::ConsoleContext context{settings.store(), commands, Clock::system()};
    bench::RowControl control{tableRows};
    QWidget window;

    Bench()
    {
        window.resize(1920, 1080);
        window.show();
        context.setSystem(QStringLiteral("bench"), System{&control, nullptr, nullptr, nullptr, {}}, nullptr);
    }
    pages::WorkspacesPage *open()
    {
        auto *page = new pages::WorkspacesPage(context, &window);
        page->resize(window.size());
        commands.add(page, page->commands());
        commands.setActive(page);
        new Painted(page->table());
        page->goTo({QStringLiteral("workspaces"), {}});
        page->show();
        page->setActive(true);
        return page;
    }
};

struct Frames {
    std::vector<double> wall;
    std::vector<double> processor;

    QString beside() const
    {
        return QStringLiteral("median %1 ms; processor time p99 %2 ms, median %3 ms")
            .arg(bench::median(wall), 0, 'f', 2).arg(bench::percentile(processor, 99), 0, 'f', 2).arg(bench::median(processor), 0, 'f', 2);
    }
};

/// Calls `step` each time the event loop comes round and times from one frame's end to the next one's.
Frames timeFrames(kit::TableView *table, const std::function<void(int)> &step)
{
    Frames samples;
    bench::Steady::time_point last = bench::Steady::now();
    double used = bench::threadMilliseconds();
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, table, [&, frame = 0]() mutable {
        step(frame);
        table->viewport()->repaint();
        samples.wall.push_back(bench::millisecondsSince(last));
        samples.processor.push_back(bench::threadMilliseconds() - used);
        last = bench::Steady::now();
        used = bench::threadMilliseconds();
        if (++frame == frames)
            QCoreApplication::exit(0); // quit() would close the window
    });
    timer.start(0);
    QCoreApplication::exec();
    for (std::vector<double> *all : {&samples.wall, &samples.processor})
        all->erase(all->begin(), all->begin() + 10); // the first ones warm up
    return samples;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    kit::Theme theme(kit::ThemeChoice::Dark);
    theme.install(application);
    Bench desk;
    std::vector<double> opened;
    pages::WorkspacesPage *page = nullptr;
    for (int i = 0; i < openings; ++i) {
        delete page;
        const auto start = bench::Steady::now();
        page = desk.open();
        QCoreApplication::exec();
        opened.push_back(bench::millisecondsSince(start));
    }
    const QString source = QStringLiteral("10,000,000 workspaces from a source in process, 1920x1080, offscreen raster");
    bench::print("table.first_rows", bench::median(opened), "ms", QStringLiteral("Workspaces page made, shown and its first rows painted; median of %1; ").arg(openings) + source,
                 QStringLiteral("slowest %1 ms").arg(*std::max_element(opened.begin(), opened.end()), 0, 'f', 1));

    kit::TableView *table = page->table();
    delete table->viewport()->findChild<Painted *>();
    for (QObject *child : table->children()) {
        if (auto *painted = dynamic_cast<Painted *>(child))
            delete painted;
    }
    QScrollBar *bar = table->verticalScrollBar();
    const int step = 3 * bar->singleStep();
    const Frames scrolled = timeFrames(table, [&](int frame) { bar->setValue(frame * step); });
    bench::print("table.scroll", bench::percentile(scrolled.wall, 99), "ms", QStringLiteral("p99 of %1 frames, three rows further each, whole viewport painted each time; ").arg(scrolled.wall.size()) + source,
                 scrolled.beside());
    QRandomGenerator random(1);
    const Frames jumped = timeFrames(table, [&](int) { bar->setValue(random.bounded(bar->maximum())); });
    bench::print("table.jump", bench::percentile(jumped.wall, 99), "ms", QStringLiteral("p99 of %1 frames, each anywhere in the table, rows that are not there painted as loading; ").arg(jumped.wall.size()) + source,
                 jumped.beside());
    return 0;
}
