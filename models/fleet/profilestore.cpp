// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/profilestore.h"

#include "models/core/setting.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

/// The texts of a profile and their keys, in one place for reading and writing.
struct ProfileText {
    const char *key;
    QString Profile::*member;
};
constexpr ProfileText profileTexts[]{
    {"ca", &Profile::caPath},
    {"caSha256", &Profile::caSha256},
    {"logKey", &Profile::logKey},
    {"identity", &Profile::identityPath},
    {"prober", &Profile::proberIdentityPath},
    {"localData", &Profile::localData},
    {"witnessKeys", &Profile::witnessKeys},
    {"ownWitness", &Profile::ownWitness},
};
struct ProfileUrl {
    const char *key;
    QUrl Profile::*member;
};
constexpr ProfileUrl profileUrls[]{
    {"control", &Profile::control}, {"audit", &Profile::audit}, {"agent", &Profile::agent}};

Setting<QString> profileSetting(QSettings &store, const QString &group, const char *key)
{
    return Setting<QString>(store, group + u'/' + QLatin1String(key), {});
}

} // namespace

ProfileStore::ProfileStore(QSettings &store, QObject *parent) : QObject(parent), m_store(store)
{
}

QString ProfileStore::groupOf(const QString &name) const
{
    // Percent-encoded, so that a slash in a name makes no group of its own.
    return u"profiles/"_s + QString::fromLatin1(QUrl::toPercentEncoding(name));
}

Profile ProfileStore::read(const QString &name) const
{
    Profile profile;
    profile.name = name;
    const QString group = groupOf(name);
    for (const auto &[key, member] : profileUrls)
        profile.*member = QUrl(profileSetting(m_store, group, key).get(), QUrl::StrictMode);
    for (const auto &[key, member] : profileTexts)
        profile.*member = profileSetting(m_store, group, key).get();
    // Not there in what earlier versions saved: then as in a new profile.
    profile.witnessLeast = Setting<int>(m_store, group + u"/witnessLeast"_s, profile.witnessLeast).get();
    profile.witnessHours = Setting<int>(m_store, group + u"/witnessHours"_s, profile.witnessHours).get();
    profile.cosigns = Setting<bool>(m_store, group + u"/cosigns"_s, false).get();
    return profile;
}

QVector<Profile> ProfileStore::profiles() const
{
    m_store.beginGroup(u"profiles"_s);
    const QStringList groups = m_store.childGroups();
    m_store.endGroup();
    QVector<Profile> found;
    for (const QString &group : groups)
        found.append(read(QUrl::fromPercentEncoding(group.toLatin1())));
    std::sort(found.begin(), found.end(), [](const Profile &a, const Profile &b) {
        return QString::localeAwareCompare(a.name.toCaseFolded(), b.name.toCaseFolded()) < 0;
    });
    return found;
}

std::optional<Profile> ProfileStore::find(const QString &name) const
{
    for (const Profile &profile : profiles()) {
        if (profile.name == name)
            return profile;
    }
    return std::nullopt;
}

Status ProfileStore::save(const Profile &profile)
{
    if (const QString problem = problemOf(profile); !problem.isEmpty())
        return fail(Error::Code::Invalid, problem);
    if (const auto known = find(profile.name)) {
        const bool otherLog = !known->logKey.isEmpty() && known->logKey != profile.logKey;
        if (known->caSha256 != profile.caSha256 || otherLog)
            return fail(Error::Code::Conflict,
                        QCoreApplication::translate(
                            "fleet", "The connection %1 is pinned to another certificate authority or log key. Compare "
                                     "the fingerprints with the "
                                     "system's owner, then remove the old connection before you add the new one.")
                            .arg(profile.name));
        if (*known == profile)
            return {};
    }
    const QString group = groupOf(profile.name);
    for (const auto &[key, member] : profileUrls)
        profileSetting(m_store, group, key).set((profile.*member).toString(QUrl::FullyEncoded));
    for (const auto &[key, member] : profileTexts)
        profileSetting(m_store, group, key).set(profile.*member);
    Setting<int>(m_store, group + u"/witnessLeast"_s, 0).set(profile.witnessLeast);
    Setting<int>(m_store, group + u"/witnessHours"_s, 0).set(profile.witnessHours);
    Setting<bool>(m_store, group + u"/cosigns"_s, false).set(profile.cosigns);
    m_store.sync();
    if (m_store.status() != QSettings::NoError)
        return fail(
            Error::Code::Storage,
            QCoreApplication::translate(
                "fleet", "The settings cannot be written. Check that the disk is not full and that you may write %1.")
                .arg(m_store.fileName()));
    Q_EMIT profilesChanged();
    return {};
}

void ProfileStore::forget(const QString &name)
{
    m_store.remove(groupOf(name));
    if (preferred() == name)
        setPreferred({});
    Q_EMIT profilesChanged();
}

QString ProfileStore::preferred() const
{
    return Setting<QString>(m_store, u"connection/preferred"_s, {}).get();
}

void ProfileStore::setPreferred(const QString &name)
{
    Setting<QString>(m_store, u"connection/preferred"_s, {}).set(name);
}

} // namespace parapet::fleet
