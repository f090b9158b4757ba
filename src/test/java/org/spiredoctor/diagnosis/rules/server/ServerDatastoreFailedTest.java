package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.datastore;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class ServerDatastoreFailedTest {
  @Test
  void serverDatastoreFailed() {
    Finding found =
        Expect.first(
            "server-datastore-failed",
            ClusterScene.healthy()
                .serverCrashes(
                    "level=error msg=\"Server crashed\" error=\"datastore-sql: datastore-sql:"
                        + " unable to open database file: no such file or directory\"\n"));
    assertThat(found.summary()).contains("unable to open database file");
    assertThat(found.remedies().getFirst().summary()).contains("/run/spire/config");
  }

  @Test
  void whichDatabaseAndWhyIsSaid() {
    Finding name =
        Expect.first(
            "server-datastore-failed",
            datastore(
                "postgres",
                "host=db.shop port=5432 dbname=spire",
                "dial tcp: lookup db.shop on 10.96.0.10:53: no such host"));
    assertThat(name.evidence().toString())
        .contains("database_type postgres, connection_string host=db.shop port=5432 dbname=spire");
    assertThat(name.remedies().getFirst().summary()).contains("host name is not known");
    assertThat(
            Expect.first(
                    "server-datastore-failed",
                    datastore(
                        "postgres",
                        "host=db.shop dbname=spire",
                        "dial tcp 10.0.0.5:5432: connect: connection refused"))
                .remedies()
                .getFirst()
                .summary())
        .contains("Nothing listens");
    assertThat(
            Expect.first(
                    "server-datastore-failed",
                    datastore(
                        "postgres",
                        "host=db.shop dbname=spire",
                        "pq: password authentication failed for user \\\"spire\\\""))
                .remedies()
                .getFirst()
                .summary())
        .contains("refuses this user or its password");
  }
}
