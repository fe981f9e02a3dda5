// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/schema.h"

namespace parapet::plane {

namespace {

constexpr const char *schemaSteps[] = {
    R"(
CREATE TABLE meta("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL);

CREATE TABLE principals("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL, "kind" TEXT NOT NULL, "team" TEXT NOT NULL,
  "actsFor" TEXT NOT NULL, "suspended" INTEGER NOT NULL, "version" INTEGER NOT NULL);

CREATE TABLE roles("name" TEXT PRIMARY KEY, "permissions" TEXT NOT NULL);
CREATE TABLE bindings("principal" TEXT NOT NULL, "role" TEXT NOT NULL, "scope" TEXT NOT NULL,
  PRIMARY KEY("principal", "role", "scope"));

CREATE TABLE workspaces("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL, "state" TEXT NOT NULL, "isolated" INTEGER NOT NULL,
  "agentPaused" INTEGER NOT NULL, "owner" TEXT NOT NULL, "ownerName" TEXT NOT NULL, "team" TEXT NOT NULL,
  "project" TEXT NOT NULL, "image" TEXT NOT NULL, "imageDigest" TEXT NOT NULL, "imageSigned" INTEGER NOT NULL,
  "imageBuilt" INTEGER NOT NULL, "sessions" INTEGER NOT NULL, "leases" INTEGER NOT NULL, "productionLeases" INTEGER NOT NULL,
  "people" INTEGER NOT NULL, "agents" INTEGER NOT NULL, "created" INTEGER NOT NULL, "started" INTEGER NOT NULL,
  "runtime" TEXT NOT NULL, "observed" INTEGER NOT NULL, "region" TEXT NOT NULL, "host" TEXT NOT NULL,
  "simulated" INTEGER NOT NULL, "version" INTEGER NOT NULL);
-- What the plane intends with a workspace, beside what it tells of it.
CREATE TABLE intents("workspace" TEXT PRIMARY KEY REFERENCES workspaces("id"), "run" INTEGER NOT NULL, "held" INTEGER NOT NULL,
  "revoking" INTEGER NOT NULL, "agent" TEXT NOT NULL, "script" TEXT NOT NULL, "task" TEXT NOT NULL,
  "strays" TEXT NOT NULL, "leases" TEXT NOT NULL);

CREATE TABLE sessions("id" TEXT PRIMARY KEY, "workspace" TEXT NOT NULL, "actor" TEXT NOT NULL, "actorName" TEXT NOT NULL,
  "actorKind" TEXT NOT NULL, "client" TEXT NOT NULL, "source" TEXT NOT NULL, "mfa" TEXT NOT NULL, "state" TEXT NOT NULL,
  "started" INTEGER NOT NULL, "lastActive" INTEGER NOT NULL, "idleEnds" INTEGER NOT NULL, "expires" INTEGER NOT NULL,
  "rotates" INTEGER NOT NULL, "ended" INTEGER NOT NULL, "endReason" TEXT NOT NULL, "version" INTEGER NOT NULL);
CREATE INDEX sessions_workspace ON sessions("workspace");
-- Tokens by their SHA-256; the token itself is sealed and kept for 24 hours after its end, so that it can be tried.
CREATE TABLE tokens("digest" BLOB PRIMARY KEY, "session" TEXT NOT NULL, "sealed" BLOB NOT NULL, "dropped" INTEGER NOT NULL);
CREATE INDEX tokens_session ON tokens("session");

CREATE TABLE leases("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL, "kind" TEXT NOT NULL, "target" TEXT NOT NULL,
  "endpoint" TEXT NOT NULL, "workspace" TEXT NOT NULL, "holder" TEXT NOT NULL, "holderName" TEXT NOT NULL,
  "production" INTEGER NOT NULL, "state" TEXT NOT NULL, "issued" INTEGER NOT NULL, "expires" INTEGER NOT NULL,
  "revoked" INTEGER NOT NULL, "version" INTEGER NOT NULL);
CREATE INDEX leases_workspace ON leases("workspace");
CREATE TABLE secrets("lease" TEXT PRIMARY KEY, "userName" TEXT NOT NULL, "sealed" BLOB NOT NULL, "dropped" INTEGER NOT NULL);

CREATE TABLE snapshots("id" TEXT PRIMARY KEY, "workspace" TEXT NOT NULL, "complete" INTEGER NOT NULL, "files" INTEGER NOT NULL,
  "bytes" INTEGER NOT NULL, "archiveSha256" TEXT NOT NULL, "manifestSha256" TEXT NOT NULL, "taken" INTEGER NOT NULL,
  "failure" TEXT NOT NULL);

CREATE TABLE targets("name" TEXT PRIMARY KEY, "kind" TEXT NOT NULL, "host" TEXT NOT NULL, "hostPort" INTEGER NOT NULL,
  "production" INTEGER NOT NULL, "port" INTEGER NOT NULL);
CREATE TABLE inventory("id" TEXT PRIMARY KEY, "kind" TEXT NOT NULL, "name" TEXT NOT NULL, "team" TEXT NOT NULL,
  "labels" TEXT NOT NULL);

CREATE TABLE idempotency("principal" TEXT NOT NULL, "key" TEXT NOT NULL, "call" BLOB NOT NULL, "status" INTEGER NOT NULL,
  "etag" TEXT NOT NULL, "answer" BLOB NOT NULL, "at" INTEGER NOT NULL, PRIMARY KEY("principal", "key"));
CREATE INDEX idempotency_at ON idempotency("at");

-- The audit log. An event's index is its leaf index; "leaf" is what is hashed (canonical JSON of the event).
CREATE TABLE events("index" INTEGER PRIMARY KEY, "time" INTEGER NOT NULL, "actor" TEXT NOT NULL, "actorName" TEXT NOT NULL,
  "actorKind" TEXT NOT NULL, "action" TEXT NOT NULL, "target" TEXT NOT NULL, "workspace" TEXT NOT NULL, "outcome" TEXT NOT NULL,
  "reason" TEXT NOT NULL, "detail" TEXT NOT NULL, "source" TEXT NOT NULL, "requestId" TEXT NOT NULL, "session" TEXT NOT NULL,
  "origin" TEXT NOT NULL, "originSequence" INTEGER NOT NULL, "leaf" BLOB NOT NULL);
CREATE INDEX events_time ON events("time");
-- Filters match without regard to case.
CREATE INDEX events_workspace ON events(lower("workspace"), "index");
CREATE INDEX events_actor ON events(lower("actor"), "index");
CREATE INDEX events_action ON events(lower("action"), "index");
-- Hash tiles as C2SP tlog-tiles lays them out, so that publishing one is reading one row.
CREATE TABLE tiles("level" INTEGER NOT NULL, "index" INTEGER NOT NULL, "hashes" BLOB NOT NULL, PRIMARY KEY("level", "index"));
CREATE TABLE head("one" INTEGER PRIMARY KEY CHECK("one" = 1), "size" INTEGER NOT NULL, "root" BLOB NOT NULL, "at" INTEGER NOT NULL);
CREATE TABLE origins("origin" TEXT PRIMARY KEY, "last" INTEGER NOT NULL);
)",
    // What witnesses say of checkpoints: C2SP tlog-cosignature lines, each verified before it came here.
    R"(
CREATE TABLE cosignatures("size" INTEGER NOT NULL, "root" BLOB NOT NULL, "witness" TEXT NOT NULL, "keyHash" INTEGER NOT NULL,
  "line" TEXT NOT NULL, "at" INTEGER NOT NULL, "received" INTEGER NOT NULL, "principal" TEXT NOT NULL,
  PRIMARY KEY("size", "witness", "keyHash"));
CREATE INDEX cosignatures_witness ON cosignatures("witness", "keyHash", "size");
)",
    // How far the files of others were imported, and how far the log was shipped to each destination.
    R"(
CREATE TABLE imports("id" TEXT PRIMARY KEY, "origin" TEXT NOT NULL, "first" BLOB NOT NULL, "position" INTEGER NOT NULL, "last" BLOB NOT NULL,
  "lines" INTEGER NOT NULL, "waiting" BLOB NOT NULL, "asideName" TEXT NOT NULL, "asideSize" INTEGER NOT NULL, "file" TEXT NOT NULL,
  "at" INTEGER NOT NULL);
CREATE INDEX imports_first ON imports("origin", "first");
CREATE TABLE shipping("destination" TEXT PRIMARY KEY, "position" INTEGER NOT NULL, "at" INTEGER NOT NULL);
)",
    // Terminal recordings; their files are in the data folder.
    R"(
CREATE TABLE recordings("id" TEXT PRIMARY KEY, "workspace" TEXT NOT NULL, "session" TEXT NOT NULL, "actor" TEXT NOT NULL,
  "actorName" TEXT NOT NULL, "actorKind" TEXT NOT NULL, "state" TEXT NOT NULL, "started" INTEGER NOT NULL, "duration" INTEGER NOT NULL,
  "columns" INTEGER NOT NULL, "rows" INTEGER NOT NULL, "bytes" INTEGER NOT NULL, "sha256" TEXT NOT NULL, "event" INTEGER NOT NULL,
  "remark" TEXT NOT NULL);
)",
};

} // namespace

std::span<const char *const> planeSchema()
{
    return schemaSteps;
}

} // namespace parapet::plane
