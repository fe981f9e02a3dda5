// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/follower.h"
#include "tests/plane/api/planeclient.h"

namespace parapet::planetest {

/// A follower's tiles over HTTPS from a real plane.
class PublishedLog
{
public:
    explicit PublishedLog(PlaneClient &client) : m_client(client) {}

    HttpReply checkpoint() { return m_client.get("/checkpoint"); }
    HttpReply tile(const transparency::TileId &id) { return m_client.get('/' + id.path().toLatin1()); }

    /// Fetches a checkpoint and what its judgement needs.
    transparency::Judgement follow(transparency::Follower &follower)
    {
        follower.offer(checkpoint().body, Clock::system().now());
        return finish(follower);
    }
    transparency::Judgement finish(transparency::Follower &follower)
    {
        for (int round = 0; round < 100; ++round) {
            const QVector<transparency::TileId> wanted = follower.wanted();
            if (wanted.isEmpty())
                break;
            for (const transparency::TileId &id : wanted) {
                const HttpReply reply = tile(id);
                ++fetched;
                if (reply.status == 200)
                    follower.supply(id, reply.body);
                else
                    follower.withhold(id);
            }
        }
        return follower.judgement();
    }
    /// Fetches what a question of a reader needs. False when a tile is not to be had.
    bool feed(transparency::TileReader &reader, const std::function<QVector<transparency::TileId>()> &missing)
    {
        for (QVector<transparency::TileId> ids = missing(); !ids.isEmpty(); ids = missing()) {
            for (const transparency::TileId &id : ids) {
                const HttpReply reply = tile(id);
                ++fetched;
                if (reply.status != 200 || !reader.add(id, reply.body))
                    return false;
            }
        }
        return true;
    }

    int fetched = 0;

private:
    PlaneClient &m_client;
};

} // namespace parapet::planetest
