package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.evidence.cluster.Bundles.read;
import static org.spiredoctor.evidence.cluster.Bundles.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.kube.Kind;

/** Evidence as a file. */
class BundleTest {
  private static final String BUNDLE =
      "{\"kind\":\"EvidenceBundle\",\"apiVersion\":\"spiredoctor.org/v1\"";

  @TempDir private Path directory;

  private static Snapshot again(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Bundle.write(snapshot, out);
    return Bundle.read(new ByteArrayInputStream(out.toByteArray()), Bundle.LIMIT);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    for (ClusterScene scene :
        new ClusterScene[] {
          ClusterScene.healthy(),
          ClusterScene.healthy().forbidden(Kind.NODE).agentLog("level=error msg=\"a\\\"b\""),
          ClusterScene.healthy().serverFails(Observed.Reason.FAILED, "no\u0007answer")
        }) {
      Snapshot before = scene.evidence().snapshot();
      assertThat(again(before)).isEqualTo(before);
    }
  }

  @Test
  void whatIsNotInAnOldBundleWasNotAsked() throws IOException {
    Snapshot old =
        Bundle.read(Path.of("src/test/resources/bundles/seed-alias-missing.json.gz"), Bundle.LIMIT);
    Snapshot.ServerAnswers said = old.servers().values().iterator().next();
    assertThat(said.entries().seen()).isPresent();
    assertThat(said.route().inWords()).isEqualTo("spire-server in pod spire-system/spire-server-0");
    assertThat(said.bundle())
        .isInstanceOfSatisfying(
            Observed.Unseen.class,
            unseen -> assertThat(unseen.reason()).isEqualTo(Observed.Reason.NOT_ASKED));
    assertThat(said.federated().missing().orElseThrow()).contains("older spire-doctor");
  }

  @Test
  void whatAServerToldOfFederationIsKept() throws IOException {
    Snapshot healthy = ClusterScene.healthy().evidence().snapshot();
    Snapshot.ServerAnswers said = healthy.servers().values().iterator().next();
    ServerRoute route =
        new ServerRoute(
            ServerRoute.By.NETWORK, "spire:8081", Optional.of("spiffe://example.org/admin"));
    Snapshot.ServerAnswers more =
        new Snapshot.ServerAnswers(
            route,
            said.health(),
            said.agents(),
            said.entries(),
            said.bundle(),
            said.bundle().map(List::of),
            new Observed.Seen<>(
                List.of(
                    new FederationRelationship(
                        "other.org",
                        "https://other.org",
                        FederationRelationship.Profile.HTTPS_SPIFFE,
                        Optional.of("spiffe://other.org/server")),
                    new FederationRelationship(
                        "web.org",
                        "https://web.org",
                        FederationRelationship.Profile.HTTPS_WEB,
                        Optional.empty()))),
            said.version(),
            said.info());
    Snapshot before =
        new Snapshot(
            healthy.at(),
            healthy.cluster(),
            healthy.objects(),
            healthy.configMaps(),
            healthy.logs(),
            Map.of(new Snapshot.Name("", "spire:8081"), more),
            healthy.access());
    assertThat(again(before)).isEqualTo(before);
  }

  @Test
  void whosePodsWereListedIsKept() throws IOException {
    Snapshot before = ClusterScene.healthy().podsOf("apps", "spire-system").evidence().snapshot();
    assertThat(again(before).podNamespaces()).contains(Set.of("apps", "spire-system"));
    assertThat(again(before)).isEqualTo(before);
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Path file = directory.resolve("bundle.json.gz");
    Files.writeString(file, "old");
    Bundle.write(ClusterScene.healthy().evidence().snapshot(), file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Bundle.read(file, Bundle.LIMIT))
        .isEqualTo(ClusterScene.healthy().evidence().snapshot());
  }

  /** Their JSON would be several times as much. */
  @Test
  void ofEntriesOnlyWhatTheyAreIsHeld() throws IOException {
    String entries =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    """
                    {"id":"%1$d","spiffe_id":{"trust_domain":"example.org","path":"/web"},\
                    "parent_id":{"trust_domain":"example.org","path":"/agent"},\
                    "selectors":[{"type":"k8s","value":"ns:apps"},\
                    {"type":"k8s","value":"sa:a%1$d"}]}"""
                        .formatted(i))
            .collect(Collectors.joining(","));
    assertThat(server(read(BUNDLE + ",\"servers\":[{\"entries\":{\"seen\":[" + entries + "]}}]}")))
        .extracting(said -> said.entries().seen().orElseThrow().size())
        .isEqualTo(3_000);
  }

  @ParameterizedTest
  @CsvSource({
    "seed-entry-missing.json.gz, entry-missing",
    "seed-alias-missing.json.gz, entry-parent-alias-missing"
  })
  void recordedClustersAreDiagnosed(String file, String finding) throws IOException {
    Snapshot snapshot = Bundle.read(Path.of("src/test/resources/bundles", file), Bundle.LIMIT);
    ClusterQuery query =
        new ClusterQuery(
            new ClusterQuery.Pods.WithSocket(Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            false);
    Report report =
        Diagnosis.examine(new ClusterCase(ClusterEvidence.of(snapshot, query)), Rules.all());
    assertThat(report.causes().map(f -> f.id())).containsExactly(finding);
  }
}
