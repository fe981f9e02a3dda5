// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/groupsheet.h"

#include "models/domain/auditevent.h"
#include "models/domain/fieldtext.h"
#include "models/items/roles.h"
#include "models/query/printer.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

void GroupModel::setBuckets(const QString &field, const QVector<Bucket> &buckets)
{
    beginResetModel();
    m_field = field;
    m_buckets = buckets;
    endResetModel();
}

QVariant GroupModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Bucket &bucket = m_buckets.at(index.row());
    const Field<AuditEvent> *field = findField<AuditEvent>(m_field);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (index.column() == 1)
            return kit::numberText(bucket.count);
        if (bucket.key.isEmpty())
            return tr("none");
        return field && field->kind == FieldKind::Enumeration ? enumerationText(bucket.key) : Untrusted(bucket.key).inert(200);
    case CopyRole:
        return index.column() == 1 ? QString::number(bucket.count) : Untrusted(bucket.key).inert();
    case KeyRole:
        return Untrusted(bucket.key).inert();
    case LoadStateRole:
        return int(LoadState::Loaded);
    default:
        return {};
    }
}

QVariant GroupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Value") : tr("Events");
}

GroupSheet::GroupSheet(QWidget *host, AuditStore *audit, const QString &filter, const QString &field, const QString &label)
    : Overlay(host), m_audit(audit), m_filter(filter), m_field(field), m_model(new GroupModel(this)), m_table(new kit::TableView(panel()))
{
    setName(tr("Events by %1").arg(label));
    setPanelSize({560, 560});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(0, kit::space::l, 0, kit::space::m);
    column->setSpacing(kit::space::s);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(kit::space::xl, 0, kit::space::m, 0);
    auto *close = new kit::Button(tr("Close"), kit::Icon::Close, kit::Button::Kind::Ghost, panel());
    close->setIconOnly(true);
    head->addWidget(new kit::PlainLabel(tr("Events by %1").arg(label), Type::DialogTitle, Role::Text, panel()), 1);
    head->addWidget(close);
    column->addLayout(head);
    auto *what = new kit::PlainLabel(filter.isEmpty() ? tr("of all events") : Untrusted(filter).inert(200), Type::Mono, Role::Text3, panel());
    what->setElide(Qt::ElideRight);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(kit::space::xl, 0, kit::space::xl, 0);
    row->addWidget(what, 1);
    column->addLayout(row);
    m_table->setAccessibleName(tr("Values and their counts"));
    m_table->setModel(m_model);
    kit::Column value{u"value"_s, label, kit::CellKind::Text, 380, true, false, false, true};
    kit::Column count{u"count"_s, tr("Events"), kit::CellKind::Figure, 120};
    m_table->setColumns({value, count});
    m_states = new kit::StatePage(m_table, panel());
    column->addWidget(m_states, 1);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    connect(m_table, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) {
        const Bucket &bucket = m_model->bucket(index.row());
        if (!bucket.key.isEmpty())
            Q_EMIT termRequested(query::term(m_field, query::Operator::Is, {bucket.key}));
        dismiss();
    });
    ask();
    present(m_states->currentWidget());
}

void GroupSheet::ask()
{
    if (!m_audit) {
        m_states->showEmpty(kit::Icon::Server, tr("No connection is open"), {{tr("Open a connection to count its events."), Type::Body, Role::Text2}});
        return;
    }
    m_states->showLoading(tr("Asking the audit store"));
    deliver(this, m_audit->countEvents(m_filter, m_field), [this](const Result<QVector<Bucket>> &buckets) {
        if (!buckets) {
            m_states->showError(buckets.error(), [this] { ask(); });
            return;
        }
        m_model->setBuckets(m_field, *buckets);
        if (buckets->isEmpty()) {
            m_states->showEmpty(kit::Icon::Filter, tr("No event matches"), {{tr("There is nothing to count."), Type::Body, Role::Text2}});
            return;
        }
        m_states->showReady();
        m_table->setCurrentIndex(m_model->index(0, 0));
        m_table->setFocus();
    });
}

} // namespace parapet::pages
