// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette.h"

#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/shell/palettemodel.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>

namespace parapet::shell {

namespace {

constexpr int rowsPerSource = 6;
constexpr int rowsPerOnlySource = 40;
constexpr int palettePanelTop = 112;
constexpr int palettePanelHeight = 490;

bool isPrefix(QChar c)
{
    return c == u'>' || c == u'@' || c == u'#';
}

} // namespace

struct Palette::Source {
    PaletteProvider *provider = nullptr;
    Reply<PaletteAnswer> reply;
    PaletteAnswer answer;
    bool waiting = false;
};

Palette::Palette(QWidget *host)
    : Overlay(host),
      m_model(new PaletteModel(this)),
      m_edit(new QLineEdit(panel())),
      m_list(new QListView(panel())),
      m_foot(new PaletteFoot(panel()))
{
    setName(tr("Palette"));
    m_edit->setFrame(false);
    m_edit->setAccessibleName(tr("Go to or do"));
    m_edit->setPlaceholderText(tr("Any place, object or command"));
    m_edit->installEventFilter(this);
    m_list->setAccessibleName(tr("Found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);

    m_prefixes = new kit::RunLine(panel());
    m_prefixes->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *glyph = new kit::RunLine(panel());
    glyph->setGlyph(kit::Icon::Search);
    glyph->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(15, 11, 16, 11);
    row->setSpacing(0);
    row->addWidget(glyph);
    row->addWidget(m_edit, 1);
    row->addWidget(m_prefixes);
    auto *rows = new QVBoxLayout;
    rows->setContentsMargins(6, 6, 6, 6);
    rows->addWidget(m_list);
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(1, 0, 1, 1);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(new kit::Hairline(Qt::Horizontal, panel()));
    column->addLayout(rows, 1);
    column->addWidget(m_foot);

    connect(m_edit, &QLineEdit::textChanged, this, [this] { search(); });
    connect(m_list, &QAbstractItemView::clicked, this, [this] { run(); });
    connect(this, &Overlay::dismissed, this, &Palette::cancelAll);
}

Palette::~Palette()
{
    cancelAll();
}

void Palette::addProvider(PaletteProvider *provider)
{
    auto source = std::make_unique<Source>();
    source->provider = provider;
    m_sources.push_back(std::move(source));
    // Only prefixes that somebody answers are offered.
    QMap<QChar, QString> headings; // several may answer one prefix: the last names it
    for (const auto &each : m_sources) {
        if (!each->provider->prefix().isNull())
            headings.insert(each->provider->prefix(), each->provider->heading().toLower());
    }
    QStringList prefixes;
    for (auto it = headings.cbegin(); it != headings.cend(); ++it)
        prefixes.prepend(QString(it.key()) + u' ' + it.value());
    m_prefixes->setRuns({{prefixes.join(QStringLiteral("   ")), kit::Type::Small, kit::Role::Text2}});
}

void Palette::open(const QString &needle)
{
    const kit::Theme &look = kit::theme(this);
    m_edit->setFont(look.font(kit::Type::DialogTitle, 400));
    setPanelSize({look.scaled(kit::size::palette), look.scaled(palettePanelHeight)});
    setPanelTop(palettePanelTop);
    m_onObject = false;
    const bool same = m_edit->text() == needle;
    m_edit->setText(needle);
    if (same)
        search();
    present(m_edit);
}

void Palette::cancelAll()
{
    ++m_generation;
    for (const auto &source : m_sources) {
        if (source->waiting)
            source->reply.cancel();
        source->waiting = false;
    }
    m_pending = 0;
}

void Palette::search()
{
    cancelAll();
    m_onObject = false;
    QString needle = m_edit->text();
    const QChar prefix = !needle.isEmpty() && isPrefix(needle.at(0)) ? needle.at(0) : QChar();
    needle = (prefix.isNull() ? needle : needle.mid(1)).trimmed();
    m_clock.restart();
    const quint64 generation = m_generation;
    QVector<Source *> asked;
    for (const auto &source : m_sources) {
        source->answer = {};
        if (prefix.isNull() ? source->provider->isGeneral() : source->provider->prefix() == prefix)
            asked.append(source.get());
    }
    m_pending = int(asked.size());
    for (Source *source : asked)
        source->waiting = true;
    for (Source *source : asked) {
        source->reply = source->provider->search(needle);
        deliver<PaletteAnswer>(this, source->reply, [this, source, generation](const Result<PaletteAnswer> &result) {
            if (generation != m_generation)
                return;
            --m_pending;
            source->waiting = false;
            show(*source, result ? *result : PaletteAnswer());
        });
    }
    updateSummary();
}

void Palette::show(Source &source, const PaletteAnswer &answer)
{
    source.answer = answer;
    m_took = m_clock.elapsed();
    if (m_onObject)
        return;
    rebuild();
}

/// All answers so far in the order of their sources. What the person has chosen stays chosen while later answers come
/// in.
void Palette::rebuild()
{
    QString chosen;
    if (const int row = m_list->currentIndex().row(); row > 1 && row < m_model->rowCount() && !m_model->isHeading(row))
        chosen = m_model->at(row).item.text;
    const auto answering =
        std::count_if(m_sources.begin(), m_sources.end(), [](const auto &s) { return !s->answer.items.isEmpty(); });
    const int limit = answering > 1 ? rowsPerSource : rowsPerOnlySource;
    QVector<PaletteModel::Row> rows;
    int select = -1;
    for (const auto &source : m_sources) {
        if (source->answer.items.isEmpty())
            continue;
        rows.append({source->provider->heading(), {}});
        for (int i = 0; i < std::min<int>(limit, int(source->answer.items.size())); ++i) {
            const PaletteItem &item = source->answer.items.at(i);
            if (select < 0 || (!chosen.isEmpty() && item.text == chosen))
                select = int(rows.size());
            if (!chosen.isEmpty() && item.text == chosen)
                chosen.clear();
            rows.append({{}, item});
        }
    }
    QString needle = m_edit->text();
    if (!needle.isEmpty() && isPrefix(needle.at(0)))
        needle.remove(0, 1);
    m_model->setRows(std::move(rows), needle.trimmed());
    if (select >= 0)
        m_list->setCurrentIndex(m_model->index(select));
    updateSummary();
}

void Palette::updateSummary()
{
    if (m_pending > 0) {
        m_foot->setSummary(tr("searching…"));
        return;
    }
    qint64 total = 0;
    bool exact = true;
    for (const auto &source : m_sources) {
        total += std::max<qint64>(source->answer.total.value(), source->answer.items.size());
        exact = exact && source->answer.total.isExact();
    }
    const int shown = m_model->itemCount();
    if (total == 0)
        m_foot->setSummary(tr("nothing found"));
    else if (exact)
        m_foot->setSummary(tr("%1 of %2, %3 ms").arg(shown).arg(kit::numberText(total)).arg(m_took));
    else
        m_foot->setSummary(tr("%1 of at least %2, %3 ms").arg(shown).arg(kit::numberText(total)).arg(m_took));
}

QString Palette::summary() const
{
    return m_foot->summary();
}

void Palette::move(int by)
{
    const int count = m_model->rowCount();
    if (m_model->itemCount() == 0)
        return;
    int row = m_list->currentIndex().row();
    do {
        row = (row + by + count) % count;
    } while (m_model->isHeading(row));
    m_list->setCurrentIndex(m_model->index(row));
    // The first item brings its heading into sight.
    if (row == 1)
        m_list->scrollToTop();
}

void Palette::run()
{
    const int row = m_list->currentIndex().row();
    if (row < 0 || row >= m_model->rowCount() || m_model->isHeading(row))
        return;
    const PaletteItem item = m_model->at(row).item;
    if (!item.available.enabled || !item.run)
        return; // its reason stands in the row
    dismiss();
    item.run();
}

void Palette::showCommandsOfCurrent()
{
    const int row = m_list->currentIndex().row();
    if (row < 0 || row >= m_model->rowCount() || m_model->isHeading(row) || !m_model->at(row).item.commands)
        return;
    const PaletteItem item = m_model->at(row).item;
    QVector<PaletteModel::Row> rows{{tr("Commands on %1").arg(item.text), {}}};
    for (const PaletteItem &command : item.commands())
        rows.append({{}, command});
    if (rows.size() < 2)
        return;
    m_onObject = true;
    m_model->setRows(std::move(rows), {});
    m_list->setCurrentIndex(m_model->index(1));
    m_foot->setSummary(tr("%n commands", nullptr, m_model->itemCount()));
}

bool Palette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_edit || event->type() != QEvent::KeyPress)
        return Overlay::eventFilter(watched, event);
    constexpr int page = 8;
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_PageDown:
    case Qt::Key_PageUp: {
        const bool down = static_cast<QKeyEvent *>(event)->key() == Qt::Key_PageDown;
        const int row = m_list->currentIndex().row();
        const int steps = down ? std::min(page, m_model->rowCount() - 1 - row) : std::min(page, row - 1);
        for (int i = 0; i < steps; ++i)
            move(down ? 1 : -1);
        return true;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run();
        return true;
    case Qt::Key_Tab:
        showCommandsOfCurrent();
        return true;
    case Qt::Key_Backtab:
        return true;
    case Qt::Key_Escape:
        if (m_onObject)
            search();
        else
            dismiss();
        return true;
    default:
        return false;
    }
}

} // namespace parapet::shell
