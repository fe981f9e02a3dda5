// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/credentialobserver.h"

#include "models/connectors/plane/follow.h"
#include "models/connectors/plane/planecalls.h"
#include "models/core/json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 attemptLimit = 64 << 10;

QString credentialText(const char *text)
{
    return QCoreApplication::translate("connectors", text);
}

CredentialAnswer unclear(const transport::HttpResponse &response)
{
    return {Verdict::Unknown,
            credentialText(QT_TRANSLATE_NOOP("connectors", "answered %1, which proves nothing")).arg(response.status)};
}

/// One attempt after the other: the first that is not refused decides.
struct Attempts {
    QVector<HeldSecret> secrets;
    std::function<transport::HttpRequest(const HeldSecret &)> request;
    CredentialAnswer (*judge)(const transport::HttpResponse &);
    transport::HttpClient *client;
    QObject *context;
};

Reply<CredentialAnswer> tryFrom(const std::shared_ptr<Attempts> &attempts, qsizetype at)
{
    const auto judge = attempts->judge;
    const Reply<CredentialAnswer> answer = attempts->client->send<CredentialAnswer>(
        attempts->request(attempts->secrets.at(at)),
        [judge](transport::HttpResponse &response) -> Result<CredentialAnswer> { return judge(response); });
    if (at + 1 == attempts->secrets.size())
        return answer;
    return follow<CredentialAnswer>(attempts->context, answer, [attempts, at](const Result<CredentialAnswer> &result) {
        return result && result->verdict == Verdict::Holds ? tryFrom(attempts, at + 1)
                                                           : ready<CredentialAnswer>(result);
    });
}

/// Asks for the probe's secrets, tries them, and says what was seen. No secret: that could not be tried, which is no
/// proof.
Reply<ProbeResult> tryAll(QObject *context, const Reply<QVector<HeldSecret>> &held, std::shared_ptr<Attempts> attempts,
                          const QString &observer, const Clock &clock)
{
    attempts->context = context;
    return follow<ProbeResult>(
        context, held, [context, attempts, observer, &clock](const Result<QVector<HeldSecret>> &secrets) {
            if (!secrets) {
                if (secrets.error().code == Error::Code::NotFound)
                    return ready<ProbeResult>(
                        ProbeResult{Verdict::Unknown, Untrusted(secrets.error().message), observer, clock.now()});
                return ready<ProbeResult>(fail(secrets.error()));
            }
            attempts->secrets = *secrets;
            const QString who = observer.isEmpty() ? secrets->first().target : observer;
            return follow<ProbeResult>(
                context, tryFrom(attempts, 0), [attempts, who, &clock](const Result<CredentialAnswer> &answer) {
                    attempts->secrets.clear();
                    if (!answer)
                        return ready<ProbeResult>(fail(answer.error()));
                    return ready<ProbeResult>(ProbeResult{answer->verdict, Untrusted(answer->seen), who, clock.now()});
                });
        });
}

} // namespace

CredentialAnswer judgeToken(const transport::HttpResponse &response)
{
    if (response.status == 200)
        return {Verdict::Survives, credentialText(QT_TRANSLATE_NOOP("connectors", "login accepted"))};
    static const QRegularExpression invalidToken(uR"(^\s*Bearer\b.*\berror\s*=\s*"?invalid_token\b)"_s,
                                                 QRegularExpression::CaseInsensitiveOption);
    if (response.status == 401 &&
        invalidToken.match(QString::fromLatin1(response.headers.value("www-authenticate").left(1024))).hasMatch())
        return {Verdict::Holds, u"401 invalid_token"_s};
    return unclear(response);
}

CredentialAnswer judgeLease(const transport::HttpResponse &response)
{
    if (response.status == 200)
        return {Verdict::Survives, credentialText(QT_TRANSLATE_NOOP("connectors", "login accepted"))};
    const QJsonObject said = response.json.isObject() ? response.json.toObject()
                                                      : parseJson(response.body, {.bytes = attemptLimit, .depth = 8}).value_or(QJsonValue()).toObject();
    const QJsonValue accepted = said.value("accepted"_L1);
    if (response.status != 401 || !accepted.isBool() || accepted.toBool())
        return unclear(response);
    const QString error = said.value("error"_L1).toString().left(200);
    return {Verdict::Holds, error.isEmpty() ? u"401 refused"_s : u"401 "_s + error};
}

Reply<ProbeResult> TokenObserver::attempt(const Probe &probe)
{
    auto attempts = std::make_shared<Attempts>();
    attempts->client = &m_client;
    attempts->judge = judgeToken;
    attempts->request = [control = m_control](const HeldSecret &held) {
        auto request = planecalls::get(control, u"/v1/token"_s); // where the profile says, not where an answer says
        request.authorization = "Bearer " + held.secret;
        request.anyStatus = true;
        request.limit = attemptLimit;
        return request;
    };
    return tryAll(this, m_secrets.secretsOf(probe.workspace, HeldSecret::Kind::SessionToken, probe.subject), attempts,
                  credentialText(QT_TRANSLATE_NOOP("connectors", "control plane")), m_clock);
}

Reply<ProbeResult> LeaseObserver::attempt(const Probe &probe)
{
    auto attempts = std::make_shared<Attempts>();
    attempts->client = &m_targets;
    attempts->judge = judgeLease;
    attempts->request = [](const HeldSecret &held) {
        auto request = planecalls::get(QUrl(held.endpoint, QUrl::StrictMode), u"/v1/try"_s);
        request.authorization = held.userName.isEmpty()
                                    ? "Bearer " + held.secret
                                    : "Basic " + (held.userName.toUtf8() + ':' + held.secret).toBase64();
        request.anyStatus = true;
        request.limit = attemptLimit;
        return request;
    };
    return tryAll(this, m_secrets.secretsOf(probe.workspace, HeldSecret::Kind::LeaseSecret, probe.subject), attempts,
                  {}, m_clock);
}

} // namespace parapet::planeconnector
