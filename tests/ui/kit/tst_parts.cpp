// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every part in the three themes into BUILD/parts/*.png, to be looked at, and checks what a machine can see.
#include "models/items/roles.h"
#include "ui/kit/button.h"
#include "ui/kit/charts.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/paint.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/label.h"

#include <QtCore/QDir>
#include <QtGui/QStandardItemModel>
#include <QtTest/QtTest>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QSlider>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::kit;

namespace {

QString sheetText(const char *text)
{
    return QString::fromUtf8(text);
}

/// Draws with a function; the painters have no widget of their own.
class Canvas : public QWidget
{
public:
    Canvas(int height, std::function<void(QPainter &, const Theme &)> draw) : m_draw(std::move(draw))
    {
        setFixedHeight(height);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        m_draw(painter, theme(this));
    }

private:
    std::function<void(QPainter &, const Theme &)> m_draw;
};

class SheetSyntax : public FilterSyntax
{
public:
    QVector<FilterChip> chips(const QString &filter) const override
    {
        QVector<FilterChip> result;
        for (const QString &word : filter.split(u' ', Qt::SkipEmptyParts))
            result += parse(word);
        return result;
    }
    QVector<FilterChip> parse(const QString &typed) const override
    {
        const QString text = typed.trimmed();
        if (text.isEmpty())
            return {};
        static const QRegularExpression shape(QStringLiteral("^([a-z]+)([:!≥])(.*)$"));
        const auto match = shape.match(text);
        FilterChip chip{match.captured(1), match.captured(2), match.captured(3), {}};
        if (!match.hasMatch())
            chip.value = text;
        if (chip.field == QStringLiteral("teem"))
            chip.error = sheetText("no such field, did you mean team?");
        return {chip};
    }
    QString print(const QVector<FilterChip> &chips) const override
    {
        QStringList words;
        for (const FilterChip &chip : chips) {
            if (chip.error.isEmpty())
                words << chip.field + chip.op + chip.value;
        }
        return words.join(u' ');
    }
    QVector<Completion> complete(const QString &, int) const override { return {}; }
};

QStandardItemModel *sheetModel(QObject *parent)
{
    auto *model = new QStandardItemModel(8, 3, parent);
    const char *names[] = {"ws-fx-rates-27a",    "ws-checkout-api-f95", "ws-payments-recon-5a8", "ws-payments-api-7f3",
                           "ws-kyc-service-64b", "ws-identity-gw-b04",  "ws-card-vault-c19",     ""};
    const char *states[] = {"Running", "Running", "Running", "Running", "Stale 4 min", "Isolate asked", "Survives", ""};
    const StateMark marks[] = {StateMark::Running, StateMark::Running,   StateMark::Running,  StateMark::Running,
                               StateMark::Stale,   StateMark::Requested, StateMark::Survives, StateMark::None};
    const char *kinds[] = {"plain", "hover",     "selected",     "current",
                           "stale", "requested", "failed probe", "not loaded yet"};
    for (int row = 0; row < 8; ++row) {
        const auto set = [&](int column, const QVariant &value, int role = Qt::DisplayRole) {
            model->setData(model->index(row, column), value, role);
        };
        set(0, sheetText(names[row]));
        set(1, sheetText(states[row]));
        set(1, int(marks[row]), StateMarkRole);
        set(2, sheetText(kinds[row]));
        for (int column = 0; column < 3; ++column) {
            set(column, row == 4, StaleRole);
            set(column, row == 6, FailedRole);
            set(column, int(row == 7 ? LoadState::Loading : LoadState::Loaded), LoadStateRole);
            set(column, sheetText(names[row]), KeyRole);
        }
    }
    return model;
}

QWidget *leftColumn(FilterSyntax *syntax)
{
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setSpacing(8);
    const auto section = [&](const char *title) {
        column->addWidget(new Hairline(Qt::Horizontal));
        column->addWidget(new PlainLabel(sheetText(title), Type::Section, Role::Text));
    };
    const auto line = [&](std::initializer_list<QWidget *> widgets) {
        auto *row = new QHBoxLayout;
        for (QWidget *widget : widgets)
            row->addWidget(widget);
        row->addStretch(1);
        column->addLayout(row);
    };
    section("Buttons, 28 px");
    line({new Button(sheetText("Contain…"), Icon::None, Button::Kind::Primary),
          new Button(sheetText("Snapshot"), Icon::Camera),
          new Button(sheetText("Revoke…"), Icon::Ban, Button::Kind::Danger),
          new Button(sheetText("Revoke…"), Icon::None, Button::Kind::DangerOutline),
          new Button(sheetText("Details"), Icon::None, Button::Kind::Ghost)});
    auto *disabled = new Button(sheetText("Disabled"), Icon::Camera);
    disabled->setAvailable(false, sheetText("why"));
    auto *approve = new Button(sheetText("Approve"), Icon::Check, Button::Kind::Primary);
    approve->setKeyHint(QString(QChar(0x23CE)));
    auto *focus = new Button(sheetText("Focus"), Icon::Camera);
    focus->setObjectName(QStringLiteral("focus"));
    line({focus, disabled, approve, new LinkButton(sheetText("all 1,284"))});
    section("Inputs, 28 px");
    auto *empty = new QLineEdit;
    empty->setPlaceholderText(sheetText("Reason for the ticket"));
    auto *filled = new QLineEdit(sheetText("INC-0147"));
    line({empty, filled});
    auto *on = new QCheckBox(sheetText("On"));
    on->setChecked(true);
    auto *some = new QCheckBox(sheetText("Some"));
    some->setTristate(true);
    some->setCheckState(Qt::PartiallyChecked);
    auto *chosen = new QRadioButton(sheetText("Chosen"));
    chosen->setChecked(true);
    line({on, new QCheckBox(sheetText("Off")), some, chosen, new QRadioButton(sheetText("Other"))});
    section("Filter chips, 20 px");
    auto *filter = new FilterField;
    filter->setSyntax(syntax);
    filter->setFilter(sheetText("team:payments held≥3 what!ping"));
    filter->setKeyHint(QStringLiteral("/"));
    column->addWidget(filter);
    auto *wrong = new FilterField;
    wrong->setSyntax(syntax);
    wrong->setFilter(sheetText("teem:payments"));
    column->addWidget(wrong);
    section("Keys and tags");
    line({new KeyCap(sheetText("Ctrl K")), new KeyCap(sheetText("R")), new KeyCap(sheetText("Esc")),
          new Tag(sheetText("T1041"), Role::Text2), new Tag(sheetText("signed"), Role::Ok),
          new Tag(sheetText("drift"), Role::High), new Tag(sheetText("leaver active"), Role::Critical, true)});
    section("Type");
    for (const auto &[type, text] :
         std::initializer_list<std::pair<Type, const char *>>{{Type::Display, "Revoke all credentials"},
                                                              {Type::Title, "Workspaces"},
                                                              {Type::Body, "Lease still accepted by its target"},
                                                              {Type::Table, "Amara Diallo"},
                                                              {Type::Small, "observed 2 s ago"},
                                                              {Type::Mono, "ws-payments-api-7f3  14:41:58  4,812,006"}})
        column->addWidget(new PlainLabel(sheetText(text), type, type == Type::Small ? Role::Text2 : Role::Text));
    section("Tabs");
    auto *tabs = new QTabBar;
    for (const char *tab : {"All\t318", "Payments && ledger\t46", "With AI agents\t127"})
        tabs->addTab(sheetText(tab));
    tabs->setCurrentIndex(1);
    tabs->setDrawBase(false);
    tabs->setExpanding(false);
    column->addWidget(tabs);
    column->addStretch(1);
    return side;
}

QWidget *middleColumn()
{
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setSpacing(8);
    const auto section = [&](const char *title) {
        column->addWidget(new Hairline(Qt::Horizontal));
        column->addWidget(new PlainLabel(sheetText(title), Type::Section, Role::Text));
    };
    section("Severity, shape and colour");
    column->addWidget(new Canvas(56, [](QPainter &p, const Theme &look) {
        int x = 0;
        for (const Severity s : {Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info}) {
            paintSeverity(p, QRect(x, 0, 12, 24), s, look);
            paintText(p, QRect(x + 20, 0, 60, 24), severityText(s), look, Type::Body, severityRole(s));
            paintSeverity(p, QRect(x, 28, 18, 24), s, look, 18, true);
            x += 86;
        }
    }));
    section("State: requested, observed, survives, stale");
    column->addWidget(new Canvas(84, [](QPainter &p, const Theme &look) {
        const auto row = [&](int y, std::initializer_list<std::pair<StateMark, const char *>> pills) {
            int x = 0;
            for (const auto &[mark, text] : pills)
                x += paintStatePill(p, QRect(x, y, 300, 24), mark, sheetText(text), look) + 10;
        };
        row(0, {{StateMark::Requested, "Isolate requested"}, {StateMark::Observed, "Isolated, observed 2 s ago"}});
        row(28, {{StateMark::Survives, "Survives: 1 lease"},
                 {StateMark::Stale, "Stale 4 min"},
                 {StateMark::Running, "Running"},
                 {StateMark::Frozen, "Frozen"}});
        row(56, {{StateMark::Isolated, "Isolated"},
                 {StateMark::Stopped, "Stopped"},
                 {StateMark::Step, "Step 5 of 9"},
                 {StateMark::Waiting, "Waiting"},
                 {StateMark::Starting, "Starting"}});
    }));
    section("Proof marks");
    column->addWidget(new Canvas(115, [](QPainter &p, const Theme &look) {
        int y = 0;
        for (const Proof proof : {Proof::Verified, Proof::Pending, Proof::Unchecked, Proof::Broken, Proof::Gap}) {
            paintProof(p, QRect(0, y, 14, 23), proof, look);
            paintText(p, QRect(22, y, 90, 23), proofText(proof), look, Type::Body, Role::Text);
            y += 23;
        }
    }));
    section("Chart palette, figures");
    auto *stack = new StackedBar;
    stack->setParts({{QStringLiteral("a"), sheetText("Running"), 271, Role::Ok},
                     {QStringLiteral("b"), sheetText("Frozen"), 18, Role::Low},
                     {QStringLiteral("c"), sheetText("Isolated"), 5, Role::Medium},
                     {QStringLiteral("d"), sheetText("Starting"), 6, Role::Text3},
                     {QStringLiteral("e"), sheetText("Stopped"), 16, Role::LineStrong},
                     {QStringLiteral("f"), sheetText("Stale"), 2, Role::Stale}});
    column->addWidget(stack);
    auto *figure = new FigureBar;
    figure->setFigure(sheetText("With AI agents"), 127, 318, sheetText("41 acting now"));
    column->addWidget(figure);
    auto *bars = new TimeBars;
    QVector<qint64> people, agents;
    for (int i = 0; i < 96; ++i) {
        people << 60 + (i * 37 % 50) + (i > 60 ? (i - 60) * 9 : (60 - i) * 4);
        agents << 70 + (i * 53 % 60) + (i > 60 ? (i - 60) * 6 : 0);
    }
    const Instant from(std::chrono::hours(492000));
    bars->setData(from, std::chrono::minutes(15),
                  {{sheetText("people"), Role::Chart1, people}, {sheetText("AI agents"), Role::Chart2, agents}},
                  {{from + std::chrono::hours(6), Severity::Medium, sheetText("drift")},
                   {from + std::chrono::hours(20), Severity::Critical, sheetText("alert")}});
    bars->setMinimumHeight(200);
    column->addWidget(bars, 1);
    auto *spark = new Sparkline;
    spark->setValues({8, 9, 8.4, 9.5, 8, 8.2, 11, 8, 8.6, 9, 8.1, 8}, sheetText("11 ms"));
    column->addWidget(spark);
    return side;
}

QWidget *rightColumn()
{
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setSpacing(8);
    const auto section = [&](const char *title) {
        column->addWidget(new Hairline(Qt::Horizontal));
        column->addWidget(new PlainLabel(sheetText(title), Type::Section, Role::Text));
    };
    section("Table rows, 28 px, hairlines");
    auto *table = new TableView;
    table->setModel(sheetModel(table));
    table->setColumns({{QStringLiteral("name"), sheetText("Workspace"), CellKind::Mono, 165, true, true, false, true},
                       {QStringLiteral("state"), sheetText("State"), CellKind::State, 130},
                       {QStringLiteral("row"), sheetText("Row state"), CellKind::Muted, 80}});
    auto *selection = new RowSelection(table);
    selection->setTotal(8);
    selection->setChecked({sheetText("ws-payments-recon-5a8"), sheetText("ws-payments-api-7f3")}, true);
    table->setRowSelection(selection);
    table->setCurrentIndex(table->model()->index(3, 0));
    table->setFixedHeight(9 * 28);
    column->addWidget(table);
    section("Banners");
    for (const auto &[kind, text] : std::initializer_list<std::pair<Banner::Kind, const char *>>{
             {Banner::Kind::Stale, "Rows in grey were last observed 4 min ago"},
             {Banner::Kind::Warning, "2 hosts are silent"},
             {Banner::Kind::Critical, "The log was altered after 14:02"}}) {
        auto *banner = new Banner;
        banner->setMessage(kind, {{sheetText(text), Type::Table, Role::Text}});
        column->addWidget(banner);
    }
    section("Progress, slider");
    auto *progress = new ProgressSegments;
    QVector<ProgressSegments::Segment> segments(11, ProgressSegments::Segment::Open);
    for (int i = 0; i < 8; ++i)
        segments[i] = ProgressSegments::Segment::Done;
    segments[8] = ProgressSegments::Segment::Failed;
    progress->setSegments(segments);
    column->addWidget(progress);
    auto *slider = new QSlider(Qt::Horizontal);
    slider->setValue(70);
    column->addWidget(slider);
    section("Icons, 16 px, 1.3 px stroke");
    column->addWidget(new Canvas(130, [](QPainter &p, const Theme &look) {
        for (int i = 1; i < IconCount; ++i)
            paintIcon(p, QRect((i - 1) % 15 * 28, (i - 1) / 15 * 26, 24, 24), kit::Icon(i), look.color(Role::Text2));
    }));
    column->addStretch(1);
    return side;
}

} // namespace

class TestParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sheet_data();
    void sheet();
    void states();
    void menu();
};

void TestParts::sheet_data()
{
    QTest::addColumn<int>("choice");
    QTest::newRow("dark") << int(ThemeChoice::Dark);
    QTest::newRow("light") << int(ThemeChoice::Light);
    QTest::newRow("contrast") << int(ThemeChoice::HighContrast);
    QTest::newRow("large") << -1;
}

void TestParts::sheet()
{
    QFETCH(int, choice);
    Theme look(choice < 0 ? ThemeChoice::Dark : ThemeChoice(choice));
    if (choice < 0)
        look.setTextScale(2);
    look.install(*qApp);
    SheetSyntax syntax;
    Ground sheet(Role::Surface);
    auto *grid = new QHBoxLayout(&sheet);
    for (QWidget *side : {leftColumn(&syntax), middleColumn(), rightColumn()})
        grid->addWidget(side, 1);
    sheet.resize(QSize(1440, 900) * (choice < 0 ? 2 : 1));
    sheet.show();
    QVERIFY(QTest::qWaitForWindowExposed(&sheet));
    sheet.activateWindow();
    sheet.findChild<Button *>(QStringLiteral("focus"))->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(sheet.findChild<Button *>(QStringLiteral("focus"))->hasFocus());
    const QPixmap picture = sheet.grab();
    QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/parts"));
    QVERIFY(
        picture.save(QStringLiteral(PARAPET_BINARY_DIR "/parts/%1.png").arg(QLatin1String(QTest::currentDataTag()))));
    QCOMPARE(picture.toImage().pixelColor(3, 3), look.color(Role::Surface));
    // No label is narrower than its text.
    const auto labels = sheet.findChildren<PlainLabel *>();
    for (const PlainLabel *label : labels)
        QVERIFY2(label->width() >= label->sizeHint().width() && label->height() >= label->sizeHint().height(),
                 qPrintable(label->text()));
    for (const Button *button : sheet.findChildren<Button *>())
        QVERIFY2(button->size() == button->sizeHint(), qPrintable(button->text()));
    QApplication::setStyle(QStringLiteral("fusion"));
}

void TestParts::states()
{
    Theme look(ThemeChoice::Light);
    look.install(*qApp);
    Ground sheet(Role::Window);
    auto *grid = new QGridLayout(&sheet);
    grid->setSpacing(16);
    const auto page = [&](int row, int column) {
        auto *state = new StatePage(new QWidget);
        grid->addWidget(state, row, column);
        return state;
    };
    auto *loading = page(0, 0);
    loading->setSkeleton(
        {{12, 150, Qt::AlignLeft}, {200, 90, Qt::AlignLeft}, {330, 80, Qt::AlignLeft}, {440, 60, Qt::AlignRight}});
    loading->showLoading(sheetText("120 of 318, from the control plane"), [] {});
    page(0, 1)->showEmpty(
        Icon::Filter, sheetText("No workspace matches"),
        {{sheetText("318 workspaces exist. "), Type::Body, Role::Text2},
         {sheetText("image.signed:false"), Type::Mono, Role::Text2},
         {sheetText(" leaves none, and that is what you want to see."), Type::Body, Role::Text2}},
        {{sheetText("Remove image.signed"), [] {}},
         {sheetText("Clear filter"), [] {}, Button::Kind::Normal, Icon::None, QStringLiteral("Esc")}});
    page(1, 0)->showError(sheetText("The control plane does not answer"),
                          {{sheetText("plane.meridian.internal:8443"), Type::Mono, Role::Text2},
                           {sheetText(" refused the connection 4 times. Last good answer 14:38:02 CET. Runtime agents "
                                      "and the audit store still answer."),
                            Type::Body, Role::Text2}},
                          {{sheetText("Try again"), [] {}, Button::Kind::Primary, Icon::Undo, QStringLiteral("F5")},
                           {sheetText("Show copy of 14:38"), [] {}, Button::Kind::Normal, Icon::History},
                           {sheetText("Details"), [] {}}});
    page(1, 1)->showReady();
    sheet.resize(1440, 900);
    sheet.show();
    QVERIFY(QTest::qWaitForWindowExposed(&sheet));
    QTRY_VERIFY(loading->currentWidget() != loading->content()); // the skeleton has come
    QVERIFY(sheet.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/parts/states.png")));
    QApplication::setStyle(QStringLiteral("fusion"));
}

void TestParts::menu()
{
    Theme look(ThemeChoice::Dark);
    look.install(*qApp);
    QMenu menu;
    const auto add = [&](const char *text, Icon icon, Role role) {
        QAction *action = menu.addAction(QIcon(iconPixmap(icon, look.color(role), 1)), sheetText(text));
        return action;
    };
    add("Freeze\tF", Icon::Freeze, Role::Text2);
    add("Isolate network\tI", Icon::Isolate, Role::Text2);
    add("Snapshot", Icon::Camera, Role::TextDisabled)->setEnabled(false);
    menu.addSeparator();
    add("Revoke…\tR", Icon::Ban, Role::Critical)->setProperty("danger", true);
    menu.popup(QPoint(20, 20));
    QTRY_VERIFY(menu.isVisible());
    QTest::keyClick(&menu, Qt::Key_Down);
    QVERIFY(menu.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/parts/menu.png")));
    QVERIFY(menu.activeAction());
    menu.close();
    QApplication::setStyle(QStringLiteral("fusion"));
}

QTEST_MAIN(TestParts)
#include "tst_parts.moc"
