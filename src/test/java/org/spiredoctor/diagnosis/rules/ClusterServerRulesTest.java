package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;

/** Each rule of {@code diagnosis.rules.server}. */
class ClusterServerRulesTest {
  private static final String SERVER = "spire-server";
  private static final String IMAGE = "/spec/containers/0/image";

  private static String command(Finding finding) {
    return ((Remedy.Command) finding.remedies().getFirst()).command();
  }

  private static ClusterScene image(ClusterScene scene, Kind kind, String name, String image) {
    String prefix = kind == Kind.POD ? "" : "/spec/template";
    return scene.set(kind, name, prefix + IMAGE, image);
  }

  private static ClusterScene releases(String server, String agent) {
    ClusterScene scene = ClusterScene.healthy();
    image(scene, Kind.POD, "spire-server-0", "ghcr.io/spiffe/spire-server:" + server);
    return image(scene, Kind.POD, "spire-agent-x1y2z", "ghcr.io/spiffe/spire-agent:" + agent);
  }

  @Test
  void serverBundleUnusable() {
    Instant now = ClusterScene.NOW;
    Instant before = now.minusSeconds(7200);
    Instant then = now.plusSeconds(7200);
    Finding found =
        Expect.first(
            "server-bundle-unusable",
            ClusterScene.healthy()
                .bundle(
                    ClusterScene.bundleOf(
                        "example.org",
                        ClusterScene.authority(before, now.minusSeconds(1), false),
                        ClusterScene.authority(before, then, true))));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.evidence())
        .extracting(Finding.Quote::text)
        .containsExactly("expired at 2026-01-02T03:04:04Z", "tainted");
    Expect.first(
        "server-bundle-unusable",
        ClusterScene.healthy().bundle(ClusterScene.bundleOf("example.org")));
    Expect.first(
        "server-bundle-unusable",
        ClusterScene.healthy()
            .bundle(
                ClusterScene.bundleOf("example.org", ClusterScene.authority(then, then, false))));
    // One that is valid is enough.
    Expect.healthy(
        ClusterScene.healthy()
            .bundle(
                ClusterScene.bundleOf(
                    "example.org",
                    ClusterScene.authority(before, before, false),
                    ClusterScene.authority(before, then, false))));
    Finding jwt =
        Expect.first(
            "server-bundle-unusable",
            ClusterScene.healthy()
                .bundle(
                    new TrustBundle(
                        "example.org",
                        List.of(ClusterScene.authority(before, then, false)),
                        List.of(new TrustBundle.JwtAuthority("k", Optional.of(before), false)),
                        1,
                        Optional.empty())));
    assertThat(jwt.severity()).isEqualTo(Finding.Severity.WARNING);
  }

  @Test
  void serverNotFound() {
    Finding nowhere =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.STATEFUL_SET, SERVER)
                .remove(Kind.POD, "spire-server-0"));
    assertThat(nowhere.summary()).contains("any namespace");
    Finding scaled =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.POD, "spire-server-0")
                .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "0"));
    assertThat(command(scaled))
        .isEqualTo("kubectl -n spire-system scale statefulset/spire-server --replicas=1");
    Finding refused =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.POD, "spire-server-0")
                .event("StatefulSet", "spire-system", SERVER, "FailedCreate", "exceeded quota"));
    assertThat(refused.evidence().toString()).contains("exceeded quota");
  }

  @Test
  void aServerOutsideOfTheClusterIsNotMissed() {
    Report report =
        ClusterScene.healthy()
            .remove(Kind.STATEFUL_SET, SERVER)
            .remove(Kind.POD, "spire-server-0")
            .configMap(
                "spire-agent",
                "agent.conf",
                "agent { trust_domain = \"example.org\"\n server_address = \"spire.acme.com\" }")
            .report();
    assertThat(report.findings()).noneMatch(f -> f.finding().id().equals("server-not-found"));
    assertThat(report.unknown())
        .contains(
            new Undetermined(
                "server-not-found",
                "the SPIRE server, which the agents expect outside of this cluster, at"
                    + " spire.acme.com"));
  }

  /** The chart sets it for all at once, so that they do not differ among each other. */
  @Test
  void aTrustDomainThatWasChangedAfterTheInstallationIsSetBack() {
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit("spire-server", "server.conf", "example.org", "new.test")
            .configEdit("spire-agent", "agent.conf", "example.org", "new.test")
            .set(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/annotations",
                "{meta.helm.sh/release-name: spire, meta.helm.sh/release-namespace: mgmt}")
            .set(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/labels",
                "{helm.sh/chart: spire-server-0.1.0, app.kubernetes.io/name: server}")
            .serverCrashes(
                "time=\"2026-01-02T03:00:00Z\" level=error msg=\"Fatal run error\" error=\"a"
                    + " registration entry with trust domain 'example.org' has been detected, which"
                    + " does not match the configured trust domain of 'new.test'. If you want to"
                    + " change the trust domain, please delete all existing registration"
                    + " entries\"\n");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.summary())
        .endsWith(
            "its trust domain was changed to new.test, but the entries in its datastore are of"
                + " example.org");
    assertThat(found.remedies().getFirst().summary())
        .isEqualTo("Set trust_domain of the server back to example.org");
    assertThat(command(found))
        .contains("new\\.test([[:space:]\",}]|$)/\\1example.org\\3/")
        .contains("configmap -n spire-system spire-server");
    assertThat(found.remedies().get(1).block()).contains("configmap -n spire-system spire-agent");
    assertThat(found.remedies().getLast().summary()).startsWith("Or move to new.test for good");
    assertThat(found.managed().toString()).contains("global.spire.trustDomain");
    // Only the server's was changed: then the agents are right.
    Finding alone =
        Expect.first(
            "server-not-ready",
            scene.configEdit("spire-agent", "agent.conf", "new.test", "example.org"));
    assertThat(alone.remedies()).hasSize(2);
  }

  @Test
  void serverNotReady() {
    Finding crash =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes(
                    """
                    level=error msg="Server crashed" error="no space left on device"
                    """));
    assertThat(crash.summary()).contains("crashes again and again");
    assertThat(crash.evidence().toString())
        .contains("CrashLoopBackOff", "exit code 1", "Server crashed: no space left");
    assertThat(command(crash)).endsWith("-c spire-server --tail=50 --previous");
    Finding image =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes("")
                .edit(
                    Kind.POD,
                    "spire-server-0",
                    o ->
                        ((com.fasterxml.jackson.databind.node.ObjectNode)
                                o.at("/status/containerStatuses/0/state/waiting"))
                            .put("reason", "ImagePullBackOff")));
    assertThat(image.summary()).contains("cannot get its image");
    Finding pending =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .set(Kind.POD, "spire-server-0", "/spec/nodeName", "''")
                .set(Kind.POD, "spire-server-0", "/status/containerStatuses", "[]")
                .set(
                    Kind.POD,
                    "spire-server-0",
                    "/status/conditions",
                    "[{type: PodScheduled, status: 'False', reason: Unschedulable, message: 'pod"
                        + " has unbound immediate PersistentVolumeClaims'}]"));
    assertThat(pending.evidence().toString()).contains("unbound immediate");
    assertThat(command(pending)).isEqualTo("kubectl describe pod -n spire-system spire-server-0");
  }

  @Test
  void serverUnreachable() {
    Finding found =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy().serverFails(Reason.FAILED, "context deadline exceeded"));
    assertThat(command(found)).endsWith("spire-server healthcheck -verbose");
    Report forbidden =
        ClusterScene.healthy().serverFails(Reason.FORBIDDEN, "cannot create pods/exec").report();
    assertThat(forbidden.findings()).isEmpty();
    assertThat(forbidden.unknown()).extracting("id").contains("server-unreachable");
  }

  /** It answers; that it takes long over many entries is no fault of it. */
  @Test
  void aServerThatIsSlowWithItsEntriesIsNotUnreachable() {
    Report slow =
        ClusterScene.healthy()
            .entriesFail("spire-server entry show -output json: it printed nothing for 315 s")
            .report();
    assertThat(slow.findings()).isEmpty();
    assertThat(slow.unknown()).extracting("id").contains("server-unreachable", "entry-missing");
    Finding refused =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .entriesFail("Error: rpc error: code = Internal desc = datastore-sql: locked"));
    assertThat(refused.summary())
        .isEqualTo(
            "The SPIRE server spire-system/spire-server-0 runs, but does not list its entries");
  }

  @Test
  void aServerThatIsNotReachedOverItsApiIsNoPod() {
    Finding network =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .askedAt("spire:8081", "spiffe://example.org/admin")
                .serverFails(Reason.FAILED, "Connection refused"));
    assertThat(network.subject().inWords()).isEqualTo("Server spire:8081");
    assertThat(network.remedies().getFirst().summary()).contains("--server-address");
    Finding socket =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .withoutCluster()
                .askedOn("/run/spire/api.sock")
                .serverFails(Reason.FAILED, "No such file or directory"));
    assertThat(command(socket))
        .isEqualTo("spire-server healthcheck -verbose -socketPath /run/spire/api.sock");
  }

  @Test
  void serverConfigInvalid() {
    Finding found =
        Expect.first(
            "server-config-invalid",
            ClusterScene.healthy()
                .serverCrashes(
                    "unable to decode configuration at \"s.conf\": At 8:109: literal not"
                        + " terminated\n"));
    assertThat(found.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(command(found)).isEqualTo("kubectl edit configmap -n spire-system spire-server");
    Expect.first(
        "server-config-invalid",
        ClusterScene.healthy()
            .serverCrashes(
                """
                level=error msg="Unknown configuration detected" keys=bind_prt section=server
                unknown configuration detected
                """));
  }

  @Test
  void spireVersionSkew() {
    Finding newer = Expect.first("spire-version-skew", releases("1.14.4", "1.15.3"));
    assertThat(newer.severity()).isEqualTo(Severity.WARNING);
    assertThat(command(newer))
        .isEqualTo(
            "kubectl set image -n spire-system statefulset/spire-server"
                + " spire-server=ghcr.io/spiffe/spire-server:1.15.3");
    Finding older = Expect.first("spire-version-skew", releases("1.15.3", "1.13.0"));
    assertThat(older.summary()).contains("more than one minor version older");
    Expect.healthy(releases("1.15.3", "1.14.4"));
    Expect.healthy(releases("nightly", "1.13.0"));
  }

  @Test
  void spireVersionKnownBad() {
    Finding found = Expect.first("spire-version-known-bad", releases("1.15.2", "1.15.2"));
    assertThat(found.remedies()).hasSize(2);
    Expect.healthy(releases("1.15.2", "1.15.1"));
  }

  private static ClusterScene service(String pointer, String value) {
    return ClusterScene.healthy().set(Kind.SERVICE, SERVER, pointer, value);
  }

  @Test
  void serverServiceBroken() {
    Finding missing =
        Expect.first("server-service-broken", ClusterScene.healthy().remove(Kind.SERVICE, SERVER));
    assertThat(command(missing))
        .isEqualTo(
            "kubectl create service clusterip -n spire-system spire-server --tcp=8081:8081"
                + " --dry-run=client -o yaml | kubectl set selector --local -f - app=spire-server"
                + " -o yaml | kubectl apply -f -");
    Finding selector =
        Expect.first("server-service-broken", service("/spec/selector", "{app: spire-srv}"));
    assertThat(command(selector))
        .isEqualTo("kubectl set selector -n spire-system service spire-server app=spire-server");
    Finding port =
        Expect.first(
            "server-service-broken", service("/spec/ports", "[{port: 8443, targetPort: 8081}]"));
    assertThat(command(port))
        .endsWith("-p '[{\"op\":\"replace\",\"path\":\"/spec/ports/0/port\",\"value\":8081}]'");
    Finding target =
        Expect.first(
            "server-service-broken", service("/spec/ports", "[{port: 8081, targetPort: 9999}]"));
    assertThat(command(target)).contains("/spec/ports/0/targetPort\",\"value\":8081");
    Expect.healthy(service("/spec/ports", "[{port: 8081, targetPort: grpc}]"));
    Expect.healthy(service("/spec/selector", "{}"));
    // Its services may not be seen: that is said, and nothing is made of it.
    assertThat(ClusterScene.healthy().forbidden(Kind.SERVICE).report().findings()).isEmpty();
  }

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

  private static ClusterScene datastore(String type, String connection, String error) {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            "plugins {\n  DataStore \"sql\" { plugin_data { database_type = \""
                + type
                + "\"\n connection_string = \""
                + connection
                + "\" } }\n")
        .serverCrashes(
            "level=error msg=\"Server crashed\" error=\"datastore-sql: " + error + "\"\n");
  }

  private static ClusterScene closed(String volume) {
    return datastore(
            "sqlite3",
            "/run/spire/data/datastore.sqlite3",
            "unable to open database file: permission denied")
        .merge(Kind.POD, "spire-server-0", "/spec", "{securityContext: {runAsUser: 1000}}")
        .add(
            Kind.POD,
            "spire-server-0",
            "/spec/containers/0/volumeMounts",
            "{name: spire-data, mountPath: /run/spire/data}")
        .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: spire-data, " + volume + "}");
  }

  @Test
  void aVolumeThatTheServerMustNotWriteIsNamed() {
    Finding claim =
        Expect.first(
            "server-datastore-failed", closed("persistentVolumeClaim: {claimName: data-0}"));
    assertThat(claim.evidence().toString())
        .contains(
            "database_type sqlite3, connection_string /run/spire/data/datastore.sqlite3",
            "on volume spire-data (persistentVolumeClaim data-0), mounted at /run/spire/data",
            "runs as user 1000, fsGroup is not set");
    assertThat(command(claim))
        .isEqualTo(
            "kubectl patch -n spire-system statefulset/spire-server -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"fsGroup\":1000}}}}}'");
    assertThat(claim.remedies().toString()).doesNotContain("connection_string");
    Finding host = Expect.first("server-datastore-failed", closed("hostPath: {path: /srv/spire}"));
    assertThat(host.remedies().getFirst().summary())
        .contains("Give user 1000 the directory /srv/spire on node node-1");
    Finding set =
        Expect.first(
            "server-datastore-failed",
            closed("persistentVolumeClaim: {claimName: data-0}")
                .merge(Kind.POD, "spire-server-0", "/spec/securityContext", "{fsGroup: 1000}"));
    assertThat(set.evidence().toString()).contains("fsGroup 1000");
    assertThat(set.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
  }

  @Test
  void aMountThatIsReadOnlyIsNamedBeforeTheGroup() {
    ClusterScene scene = closed("persistentVolumeClaim: {claimName: data-0}");
    Finding mount =
        Expect.first(
            "server-datastore-failed",
            scene.merge(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts/1",
                "{readOnly: true}"));
    assertThat(mount.evidence().toString())
        .contains("volume spire-data is mounted at /run/spire/data with readOnly: true");
    assertThat(command(mount))
        .isEqualTo(
            "kubectl patch -n spire-system statefulset/spire-server -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"spire-server\","
                + "\"volumeMounts\":[{\"mountPath\":\"/run/spire/data\",\"readOnly\":false}]}]}}}}'");
    assertThat(mount.remedies().toString()).doesNotContain("\"fsGroup\"");
    Finding claim =
        Expect.first(
            "server-datastore-failed",
            closed("persistentVolumeClaim: {claimName: data-0, readOnly: true}"));
    assertThat(command(claim)).contains("\"claimName\":\"data-0\",\"readOnly\":false");
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

  @Test
  void aSocketDirectoryThatTheServerMustNotWriteIsNamed() {
    Finding found =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes(
                    "level=error msg=\"Server crashed\" error=\"listen unix"
                        + " /run/spire/private/api.sock: bind: permission denied\"\n")
                .merge(Kind.POD, "spire-server-0", "/spec", "{securityContext: {runAsUser: 1000}}")
                .add(
                    Kind.POD,
                    "spire-server-0",
                    "/spec/containers/0/volumeMounts",
                    "{name: private, mountPath: /run/spire/private}")
                .add(
                    Kind.POD,
                    "spire-server-0",
                    "/spec/volumes",
                    "{name: private, hostPath: {path: /run/spire/private}}"));
    assertThat(found.summary()).contains("bind: permission denied");
    assertThat(found.evidence().toString())
        .contains("on volume private (hostPath /run/spire/private)", "runs as user 1000");
    assertThat(found.remedies().getFirst().summary())
        .contains("Give user 1000 the directory /run/spire/private on node node-1");
  }

  private static String rotation(String at, String what, String error) {
    return "time=\"%s\" level=error msg=\"%s\" error=\"%s\" subsystem_name=ca_manager\n"
        .formatted(at, what, error);
  }

  /** It stays ready, and the root of its upstream authority is valid for long. */
  @Test
  void serverCaNotRenewed() {
    String vault =
        "rpc error: code = Internal desc = upstreamauthority(vault): failed to sign: 403";
    String line = rotation("2026-01-02T03:03:50Z", "Unable to rotate X509 CA", vault);
    Finding found = Expect.first("server-ca-not-renewed", ClusterScene.healthy().serverLog(line));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.summary()).contains("cannot renew its CA; it signs with the one that it has");
    assertThat(found.remedies().getFirst().summary()).contains("the upstream authority vault");
    assertThat(
            Expect.first(
                    "server-ca-not-renewed",
                    ClusterScene.healthy()
                        .serverLog(
                            rotation(
                                "2026-01-02T03:03:50Z",
                                "Unable to rotate JWT key",
                                "keymanager(disk): no space left on device")))
                .summary())
        .contains("cannot renew its JWT key");
    Finding ended =
        Expect.first(
            "server-ca-not-renewed",
            ClusterScene.healthy()
                .serverLog(
                    line
                        + rotation(
                            "2026-01-02T03:03:55Z",
                            "Failed to sign X509 SVID",
                            "X509 CA is not available for signing")));
    assertThat(ended.severity()).isEqualTo(Severity.ERROR);
    // It tries every 10 s: minutes later that is over.
    Expect.healthy(
        ClusterScene.healthy()
            .serverLog(rotation("2026-01-02T02:58:00Z", "Unable to rotate X509 CA", vault)));
  }

  private static ClusterScene database() {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            """
            plugins {
              DataStore "sql" { plugin_data { database_type = "sqlite3"
                connection_string = "/run/spire/data/datastore.sqlite3" } }
            """);
  }

  private static ClusterScene restarted(ClusterScene scene) {
    return scene.merge(
        Kind.POD,
        "spire-server-0",
        "/status/containerStatuses/0",
        "{restartCount: 1, state: {running: {startedAt: '2026-01-02T03:00:00Z'}}}");
  }

  private static ClusterScene agentCreated(ClusterScene scene, String at) {
    return scene.merge(
        Kind.POD, "spire-agent-x1y2z", "/metadata", "{creationTimestamp: '" + at + "'}");
  }

  /** That agents knew the server before it was restarted. */
  private static ClusterScene usedBefore(ClusterScene scene) {
    return agentCreated(scene, "2026-01-01T03:00:00Z").agentLog(ATTESTED);
  }

  private static final String ATTESTED =
      "time=\"2026-01-01T03:00:10Z\" level=info msg=\"Node attestation was successful\""
          + " spiffe_id=\""
          + ClusterScene.AGENT
          + "\"\n";

  @Test
  void serverDataLost() {
    Finding found = Expect.first("server-data-lost", usedBefore(restarted(database()).entries()));
    assertThat(found.summary()).contains("on no volume");
    assertThat(found.evidence().toString()).contains("restarts: 1", "/run/spire/data/");
    // A restart of the container does no harm to an emptyDir; a new pod does.
    ClusterScene emptyDir =
        usedBefore(restarted(database()).entries())
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: data, emptyDir: {}}");
    Expect.first("entry-missing", emptyDir);
    emptyDir.merge(
        Kind.POD, "spire-server-0", "/metadata", "{creationTimestamp: '2026-01-02T03:00:00Z'}");
    assertThat(Expect.first("server-data-lost", emptyDir).summary()).contains("on an emptyDir");
  }

  @Test
  void serverDataLostOutOfMemory() {
    ClusterScene scene =
        usedBefore(restarted(database()).entries())
            .configEdit(
                SERVER,
                "server.conf",
                "/run/spire/data/datastore.sqlite3",
                "memdb?mode=memory&cache=shared");
    assertThat(Expect.first("server-data-lost", scene).summary())
        .contains("its database is in memory");
  }

  /** A node alias serves nobody, and neither does the new entry of another pod. */
  @Test
  void whatWasMadeSinceDoesNotHideThatTheRestIsLost() {
    Entry alias =
        entry("alias", ALIAS, "spiffe://example.org/spire/server", "k8s_psat:cluster:demo");
    Expect.first("server-data-lost", usedBefore(restarted(database()).entries(alias)));
    Entry other = made(entry("other", WEB + "-2", ALIAS, "k8s:ns:other"), "2026-01-02T03:01:00Z");
    Expect.first("server-data-lost", usedBefore(restarted(database()).entries(alias, other)));
    // One of before shows that it was kept.
    Entry old = made(entry("old", WEB + "-2", ALIAS, "k8s:ns:other"), "2026-01-01T03:01:00Z");
    assertThat(usedBefore(restarted(database()).entries(alias, other, old)).report().findings())
        .noneMatch(one -> one.finding().id().equals("server-data-lost"));
    Entry web = made(entry("web", WEB, ALIAS, "k8s:ns:apps"), "2026-01-02T03:01:00Z");
    Expect.healthy(usedBefore(restarted(database()).entries(alias, web)));
  }

  private static Entry made(Entry entry, String at) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        Optional.of(Instant.parse(at)),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        entry.settings());
  }

  /** The entries would be gone with the pod. */
  @Test
  void theEntriesAreSavedBeforeAServerIsReplacedThatKeepsThemInItsPod() {
    ClusterScene scene =
        database()
            .configEdit(
                SERVER, "server.conf", "\"spire-system:spire-agent\"", "\"spire-system:other\"")
            .attested();
    for (boolean lasting : List.of(false, true)) {
      if (lasting) {
        scene
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: data, persistentVolumeClaim: {claimName: data}}");
      }
      List<String> commands =
          Expect.first("agent-psat-rejected", scene).remedies().stream()
              .map(Remedy::block)
              .toList();
      int save = at(commands, "entry show -output json > entries.json");
      int restart = at(commands, "kubectl delete pod -n spire-system spire-server-0");
      assertThat(restart).as("%s", commands).isNotNegative();
      if (lasting) {
        assertThat(save).isNegative();
      } else {
        assertThat(save).isNotNegative().isLessThan(restart);
      }
    }
  }

  private static int at(List<String> commands, String part) {
    return IntStream.range(0, commands.size())
        .filter(at -> commands.get(at).contains(part))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void anAgentThatTheServerNoLongerKnowsShowsThatItLostItsData() {
    for (String line :
        List.of(
            "msg=\"Agent needs to re-attest: removing SVID and shutting down\"",
            "msg=\"Failed to sync\" error=\"rpc error: code = PermissionDenied desc = agent is not"
                + " attested\"",
            "msg=\"Agent crashed\" error=\"x509: certificate signed by unknown authority\"")) {
      Expect.first(
          "server-data-lost",
          agentCreated(restarted(database()).entries(), "2026-01-01T03:00:00Z")
              .agentLog("time=\"2026-01-02T03:03:00Z\" level=error " + line + "\n"));
    }
  }

  @Test
  void anInstallationThatIsNotUsedYetHasLostNothing() {
    Expect.first("entry-missing", restarted(database()).entries());
    // Attested while the server was installed, and restarted once.
    Expect.first(
        "entry-missing",
        agentCreated(restarted(database()).entries(), "2026-01-02T02:57:00Z")
            .agentLog(ATTESTED.replace("2026-01-01T03:00", "2026-01-02T02:58")));
    // The server's image was pulled for twenty minutes.
    Expect.first(
        "entry-missing",
        agentCreated(database().entries(), "2026-01-02T02:30:00Z")
            .merge(
                Kind.POD,
                "spire-server-0",
                "/metadata",
                "{creationTimestamp: '2026-01-02T02:50:00Z'}")
            .agentLog(ATTESTED.replace("2026-01-01T03:00", "2026-01-02T02:58")));
  }

  @Test
  void aServerThatLostNothingIsNotSaidTo() {
    Expect.healthy(restarted(database()));
    Expect.first("entry-missing", database().entries());
    Expect.first(
        "entry-missing",
        usedBefore(restarted(database()).entries())
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: data, persistentVolumeClaim: {claimName: data-0}}"));
  }

  private static ClusterScene pending(String reason, String message) {
    return ClusterScene.healthy()
        .merge(
            Kind.POD, "spire-server-0", "/metadata", "{creationTimestamp: '2026-01-02T03:00:00Z'}")
        .set(Kind.POD, "spire-server-0", "/spec/nodeName", "''")
        .set(Kind.POD, "spire-server-0", "/status/containerStatuses", "[]")
        .set(
            Kind.POD,
            "spire-server-0",
            "/status/conditions",
            "[{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/1 nodes are"
                + " available: pod has unbound immediate PersistentVolumeClaims.'}]")
        .add(
            Kind.POD,
            "spire-server-0",
            "/spec/volumes",
            "{name: spire-data, persistentVolumeClaim: {claimName: spire-data-spire-server-0}}")
        .event(
            "PersistentVolumeClaim", "spire-system", "spire-data-spire-server-0", reason, message);
  }

  @Test
  void aClaimWithoutAVolumeIsNamed() {
    Finding none =
        Expect.first(
            "server-not-ready",
            pending(
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set"));
    assertThat(none.summary())
        .endsWith(
            "its claim spire-data-spire-server-0 has no volume: it names no storage class, and none"
                + " is the default");
    assertThat(command(none)).isEqualTo("kubectl get storageclass");
    assertThat(none.remedies().toString())
        .contains("is-default-class", "name: spire-data\n", "storageClassName:");
    Finding unknown =
        Expect.first(
            "server-not-ready",
            pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found"));
    assertThat(unknown.summary()).endsWith("has no volume: there is no storage class fast");
    assertThat(unknown.remedies().toString()).doesNotContain("is-default-class");
    Finding silent = Expect.first("server-not-ready", pending("ExternalProvisioning", "Waiting"));
    assertThat(silent.summary()).endsWith("its claim spire-data-spire-server-0 has no volume");
    assertThat(silent.remedies().toString()).doesNotContain("storageClassName");
  }

  @Test
  void ofSeveralClaimsOnlyOneThatIsSaidToHaveNoVolumeIsNamed() {
    ClusterScene scene =
        pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: keys, persistentVolumeClaim: {claimName: keys-0}}");
    assertThat(Expect.first("server-not-ready", scene).summary())
        .contains("its claim spire-data-spire-server-0 has no volume");
    // Said before the pod was created, of a claim that can have its volume since.
    Finding old =
        Expect.first(
            "server-not-ready",
            scene.merge(
                Kind.POD,
                "spire-server-0",
                "/metadata",
                "{creationTimestamp: '" + ClusterScene.NOW + "'}"));
    assertThat(old.summary()).endsWith("because one of its claims has no volume");
    assertThat(command(old))
        .isEqualTo("kubectl get pvc -n spire-system spire-data-spire-server-0 keys-0");
    assertThat(old.remedies().toString()).doesNotContain("fast", "storageClassName");
  }

  @Test
  void theValueForTheClaimsClassIsNamed() {
    ClusterScene scene =
        pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found")
            .merge(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata",
                "{annotations: {meta.helm.sh/release-name: spire}}")
            .merge(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/labels",
                "{helm.sh/chart: spire-server-0.1.0, app.kubernetes.io/name: server}");
    assertThat(Expect.first("server-not-ready", scene).managed())
        .singleElement()
        .extracting(Finding.Managed::inWords)
        .asString()
        .contains("StatefulSet", "release spire", "value global.spire.persistence.storageClass");
  }

  /** Two replicas, whose database is a file on a volume. */
  private static ClusterScene replicas(String type, String first, String second) {
    String mount = "{name: data, mountPath: /run/spire/data}";
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit(
                SERVER,
                "server.conf",
                "plugins {",
                "plugins {\n  DataStore \"sql\" { plugin_data { database_type = \""
                    + type
                    + "\"\n connection_string = \"/run/spire/data/datastore.sqlite3\" } }\n")
            .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "2")
            .add(Kind.POD, "spire-server-0", "/spec/containers/0/volumeMounts", mount)
            .copy(Kind.POD, "spire-server-0", "spire-server-1");
    return scene
        .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: data, " + first + "}")
        .add(Kind.POD, "spire-server-1", "/spec/volumes", "{name: data, " + second + "}");
  }

  @Test
  void serverDatastoreNotShared() {
    String claim = "persistentVolumeClaim: {claimName: data-%d}";
    Finding found =
        Expect.first(
            "server-datastore-not-shared",
            replicas("sqlite3", claim.formatted(0), claim.formatted(1)));
    assertThat(found.evidence().toString())
        .contains(
            "database_type sqlite3, connection_string /run/spire/data/datastore.sqlite3",
            "persistentVolumeClaim data-0",
            "persistentVolumeClaim data-1");
    assertThat(command(found))
        .isEqualTo("kubectl scale -n spire-system statefulset/spire-server --replicas=1");
    Expect.first(
        "server-datastore-not-shared", replicas("sqlite3", "emptyDir: {}", "emptyDir: {}"));
    // The agent is at the other.
    Expect.first(
        "server-datastore-not-shared",
        replicas("sqlite3", claim.formatted(0), claim.formatted(1)).attested());
  }

  /** Two StatefulSets with the labels of one Service, as while one replaces the other. */
  @Test
  void serversBehindOneServiceDoNotShareADatabase() {
    ClusterScene scene = database();
    volume(scene, "spire-server-0", "persistentVolumeClaim: {claimName: data-a}");
    scene
        .copy(Kind.STATEFUL_SET, SERVER, "spire-server-b")
        .set(Kind.STATEFUL_SET, "spire-server-b", "/metadata/uid", "server-b")
        .copy(Kind.POD, "spire-server-0", "spire-server-b-0")
        .set(
            Kind.POD,
            "spire-server-b-0",
            "/metadata/ownerReferences",
            "[{kind: StatefulSet, name: spire-server-b, uid: server-b}]");
    Expect.healthy(scene);
    scene.edit(
        Kind.POD,
        "spire-server-b-0",
        pod ->
            ((ObjectNode) pod.at("/spec/volumes/1/persistentVolumeClaim"))
                .put("claimName", "data-b"));
    Finding found = Expect.first("server-datastore-not-shared", scene);
    assertThat(found.summary()).startsWith("2 ready SPIRE servers at one address do not share");
    assertThat(found.evidence().toString()).contains("data-a", "data-b");
    assertThat(found.remedies()).allMatch(Remedy.Advice.class::isInstance);
  }

  private static void volume(ClusterScene scene, String pod, String volume) {
    scene
        .add(
            Kind.POD,
            pod,
            "/spec/containers/0/volumeMounts",
            "{name: data, mountPath: /run/spire/data}")
        .add(Kind.POD, pod, "/spec/volumes", "{name: data, " + volume + "}");
  }

  /** By another database's address in one of them, or one that was not started anew. */
  @Test
  void replicasThatPublishOtherKeys() {
    ClusterScene scene = replicas("postgres", "emptyDir: {}", "emptyDir: {}");
    List<Agent> agents = scene.evidence().attested().seen().orElseThrow();
    List<Entry> entries = scene.evidence().entries().seen().orElseThrow();
    scene.otherServer("spire-system", "spire-server-1", agents, entries);
    Expect.healthy(scene);
    Finding found =
        Expect.first(
            "server-datastore-not-shared",
            scene.bundle(
                ClusterScene.bundleOf(
                    "example.org",
                    new TrustBundle.X509Authority(
                        "O=x",
                        Optional.of(ClusterScene.NOW.minusSeconds(60)),
                        Optional.of(ClusterScene.NOW.plusSeconds(86_400)),
                        "ab",
                        false))));
    assertThat(found.evidence().toString())
        .contains("pod spire-system/spire-server-1", "2 entries, JWT keys nKkrHJNk");
  }

  /** Entries come and go between the answers of replicas; one of them tells all. */
  @Test
  void whatChangedBetweenTheAnswersOfReplicasIsNoFault() {
    ClusterScene scene = replicas("postgres", "emptyDir: {}", "emptyDir: {}");
    List<Agent> agents = scene.evidence().attested().seen().orElseThrow();
    List<Entry> entries = scene.evidence().entries().seen().orElseThrow();
    Expect.healthy(scene.otherServer("spire-system", "spire-server-1", agents, List.of()));
    List<Entry> updated =
        entries.stream().map(e -> e.federatingWith(List.of("other.org"))).toList();
    Expect.healthy(scene.otherServer("spire-system", "spire-server-1", agents, updated));
  }

  @Test
  void aDatabaseThatCanBeSharedIsNoFault() {
    String claim = "persistentVolumeClaim: {claimName: data-%d}";
    Expect.healthy(replicas("postgres", claim.formatted(0), claim.formatted(1)));
    Expect.healthy(replicas("sqlite3", claim.formatted(0), claim.formatted(0)));
    // An unknown kind of volume, and a directory that nodes can have in common.
    Expect.healthy(replicas("sqlite3", "nfs: {}", "nfs: {}"));
    Expect.healthy(replicas("sqlite3", "hostPath: {path: /a}", "hostPath: {path: /a}"));
    // As it is for a moment when a deployment is rolled out.
    Expect.healthy(
        replicas("sqlite3", "emptyDir: {}", "emptyDir: {}")
            .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "1"));
  }

  @Test
  void portTaken() {
    Finding found =
        Expect.first(
            "port-taken",
            ClusterScene.healthy()
                .agentNotReady()
                .agentLog(
                    "level=error msg=\"Error serving health checks\" error=\"listen tcp"
                        + " 0.0.0.0:8080: bind: address already in use\"\n"));
    assertThat(found.summary()).contains("port 8080");
    // That the Service then leads to no listener is the same fault.
    ClusterScene twice =
        ClusterScene.healthy()
            .serverCrashes(
                "level=warning msg=\"Error serving health checks\" error=\"listen tcp 0.0.0.0:8080:"
                    + " bind: address already in use\"\n")
            .configEdit(
                SERVER,
                "server.conf",
                "bind_port = \"8081\"\n}",
                "bind_port = \"8080\"\n}\nhealth_checks { bind_port = \"8080\" }");
    assertThat(Expect.first("port-taken", twice).summary()).contains("uses the port twice");
  }

  @Test
  void serverBundleNotPublished() {
    ClusterScene scene =
        ClusterScene.healthy()
            .configMap(
                SERVER,
                "server.conf",
                "server { trust_domain = \"example.org\" }\nplugins { Notifier \"k8sbundle\" {"
                    + " plugin_data { namespace = \"spire-system\" } } }\n");
    Expect.healthy(scene);
    Finding found =
        Expect.first(
            "server-bundle-not-published",
            scene.denied(
                new Access(
                    "spire-system:spire-server",
                    "patch",
                    "",
                    "configmaps",
                    Optional.of("spire-system"),
                    "spire-bundle")));
    assertThat(command(found))
        .startsWith("kubectl create role -n spire-system spire-server-bundle")
        .endsWith("&& kubectl delete pod -n spire-system spire-server-0");
    // Without a pod there is none to be started anew.
    assertThat(scene.remove(Kind.POD, "spire-server-0").report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("server-bundle-not-published");
  }

  private static ClusterScene publishing(String settings, String volume) {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            "plugins {\n  Notifier \"k8sbundle\" {\n    plugin_data { " + settings + " }\n  }\n")
        .add(
            Kind.POD,
            "spire-agent-x1y2z",
            "/spec/volumes",
            "{name: bundle, configMap: {name: %s}}".formatted(volume))
        .serverCrashes(
            "level=error msg=\"Server crashed\" error=\"one or more notifiers returned an error:"
                + " rpc error: code = Internal desc = notifier(k8sbundle): unable to update: unable"
                + " to get list: configmaps \\\"spire-bundle\\\" is forbidden\"\n");
  }

  @Test
  void aBundleThatIsPublishedWhereNoAgentReadsIsMoved() {
    Finding set =
        Expect.first(
            "server-bundle-not-published", publishing("namespace = \"spire\"", "spire-bundle"));
    assertThat(set.summary())
        .endsWith("in the namespace spire, but the agents read it in spire-system");
    assertThat(command(set)).contains("namespace", "spire(", "/\\1spire-system\\3/");
    assertThat(set.remedies().toString()).doesNotContain("create role");
    // Another block's value that only begins so stays; with the same value, nothing is offered.
    String other = "\n    }\n  }\n  UpstreamAuthority \"vault\" {\n    plugin_data { namespace = ";
    Finding begins =
        Expect.first(
            "server-bundle-not-published",
            publishing("namespace = \"spire\"" + other + "\"spire-vault\"", "spire-bundle"));
    assertThat(command(begins)).contains("spire([[:space:]\",}]|$)");
    Finding same =
        Expect.first(
            "server-bundle-not-published",
            publishing("namespace = \"spire\"" + other + "\"spire\"", "spire-bundle"));
    assertThat(same.remedies()).noneMatch(Remedy.Command.class::isInstance);
    assertThat(((Remedy.Patch) same.remedies().getFirst()).yaml()).startsWith("Notifier");
    Finding left = Expect.first("server-bundle-not-published", publishing("", "spire-bundle"));
    assertThat(left.evidence().toString()).contains("namespace spire (not set: the default)");
    assertThat(((Remedy.Patch) left.remedies().getFirst()).yaml())
        .contains("namespace = \"spire-system\"");
    // The agents read it there, or another.
    assertThat(
            command(
                Expect.first(
                    "server-bundle-not-published",
                    publishing("namespace = \"spire-system\"", "spire-bundle"))))
        .contains("create role");
    assertThat(
            command(
                Expect.first(
                    "server-bundle-not-published",
                    publishing("namespace = \"spire\"", "other-bundle"))))
        .contains("create role");
  }

  @Test
  void anImageThatWasNeverGotIsOfNoVersion() {
    ClusterScene scene =
        image(ClusterScene.healthy(), Kind.POD, "spire-server-0", "s/spire-server:9.9.9");
    scene
        .serverCrashes("")
        .set(Kind.POD, "spire-server-0", "/status/containerStatuses/0/imageID", "''")
        .set(
            Kind.POD,
            "spire-server-0",
            "/status/containerStatuses/0/state",
            "{waiting: {reason: ImagePullBackOff, message: no}}");
    Expect.first("server-not-ready", scene);
  }

  @Test
  void whatKeepsAServerFromStartingIsInTheSummary() {
    ClusterScene scene =
        ClusterScene.healthy()
            .serverCrashes("")
            .set(
                Kind.POD,
                "spire-server-0",
                "/status/containerStatuses/0/state",
                "{waiting: {reason: ContainerCreating}}")
            .event(
                "Pod",
                "spire-system",
                "spire-server-0",
                "FailedMount",
                "MountVolume.SetUp failed for volume \"c\" : configmap \"spire-server\" not found");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.summary()).contains("configmap \"spire-server\" not found");
    assertThat(found.remedies().getFirst().summary()).contains("Make the config map spire-server");
  }
}
