package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;

/** {@code register} at a real server in a real cluster. */
@RealClusterTest("register in a real cluster")
class RegisterIT extends RegisterTestSupport {
  @Test
  void anEmptyServerIsFilledOnceAndRepaired() throws IOException {
    String file = file(WEB);
    Run planned = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(planned.code()).as("%s", planned).isEqualTo(4);
    assertThat(planned.out()).contains("+ create  spiffe://example.org/spire-agent  (node alias)");
    assertThat(entries()).isZero();

    Run made = register("-f", file, "--wait", "30s");
    isDone(made);
    assertThat(made.err()).contains("The agents have the entries, as their logs tell");
    assertThat(entries()).isEqualTo(2);
    // Agents ask every five seconds.
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(15));

    Run again = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(again.code()).as("%s", again).isZero();
    assertThat(again.out()).contains("1 entry is as declared, nothing to change");

    cluster()
        .sh(
            "server entry update -entryID $(entry_ids -spiffeID spiffe://example.org/web)"
                + " -spiffeID spiffe://example.org/web -parentID spiffe://example.org/spire-agent"
                + " -selector k8s:ns:apps -selector k8s:pod-label:app:wbe -hint spire-doctor/web");
    Run repaired = register("-f", file, "--for-pod", "apps/web");
    isDone(repaired);
    assertThat(repaired.out())
        .contains("      - k8s:pod-label:app:wbe", "      + k8s:pod-label:app:web", "✅ updated");
    assertThat(repaired.err())
        .contains("The agents have asked their server meanwhile: 10 s")
        .contains("Pod apps/web is served spiffe://example.org/web");
    assertThat(entries()).isEqualTo(2);
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(15));
  }

  @Test
  void withoutAFileItIsTheEntriesOfTheIntegrationTest() {
    isDone(register(Map.of("NS", "spire-system", "WORKLOAD_SA", "test-runner")));
    assertThat(cluster().sh("server entry show"))
        .contains("Found 4 entries")
        .contains("spiffe://example.org/integration-test", "spiffe://example.org/test-client")
        .contains("spiffe://example.org/test-server", "k8s:sa:test-runner", "k8s:ns:spire-system");
    Run other = register(Map.of("TRUST_DOMAIN", "other.org"), "--dry-run");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("the server is of the trust domain example.org");
  }

  @Test
  void everyFieldIsKept() throws IOException {
    String file =
        file(
            """
            apiVersion: spiredoctor.org/v1
            kind: Registrations
            entries:
              - spiffeID: spiffe://example.org/all
                parentID: spiffe://example.org/spire-agent
                selectors: [k8s:ns:apps, k8s:sa:all]
                x509SVIDTTL: 20m
                jwtSVIDTTL: 90s
                dnsNames: [b.apps.svc, a.apps.svc]
                admin: true
                downstream: true
                hint: internal
                expiresAt: 2033-01-01T00:00:00Z
            """);
    isDone(register("-f", file));
    assertThat(shown("spiffe://example.org/all"))
        .contains("X509-SVID TTL : 1200", "JWT-SVID TTL : 90")
        .contains("2033-01-01", "Admin : true", "internal")
        .contains("b.apps.svc", "a.apps.svc");
    Run again = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(again.code()).as("%s", again).isZero();
  }

  @Test
  void onlyOursThatIsDeclaredNoLongerIsPruned() throws IOException {
    isDone(register("-f", file(WEB), "--owner", "mine"));
    isDone(register());
    cluster()
        .sh(
            "server entry create -spiffeID spiffe://example.org/theirs"
                + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:theirs");
    isDone(register("-f", file(WEB), "--owner", "team"));
    assertThat(entries()).isEqualTo(6);
    String none = file(NONE);
    Run nobody = register("-f", none, "--prune");
    assertThat(nobody.code()).as("%s", nobody).isEqualTo(2);
    assertThat(nobody.err()).contains("--owner NAME must say");
    isDone(register("-f", none, "--owner", "team", "--prune"));
    assertThat(entries()).isEqualTo(6);
    isDone(register("-f", none, "--owner", "mine", "--prune"));
    assertThat(cluster().sh("server entry show"))
        .contains("spiffe://example.org/theirs", "spiffe://example.org/test-client")
        .contains("spiffe://example.org/spire-agent")
        .doesNotContain("spiffe://example.org/web");
  }

  @Test
  void twoTeamsWithTheDefaultsKeepTheirOwnEntries() {
    isDone(register("-n", "apps"));
    String ofFirst = shown("spiffe://example.org/integration-test");
    Run second = register("-n", "spire-system");
    isDone(second);
    assertThat(second.out())
        .contains("is also granted by", "to namespace apps (owner", "apps)")
        .contains("3 to create, 0 to update, 0 to delete");
    assertThat(entries()).isEqualTo(7);
    assertThat(cluster().sh("entry_ids -selector k8s:ns:apps").lines()).hasSize(3);
    assertThat(ofFirst).contains("k8s:ns:apps");
    for (String namespace : List.of("apps", "spire-system")) {
      Run again = register("-n", namespace, "--dry-run", "--detailed-exitcode");
      assertThat(again.code()).as("%s", again).isZero();
    }
  }

  @Test
  void whatSomebodyElseCreatedIsAConflictUntilItIsAdopted() throws IOException {
    cluster()
        .sh(
            "server entry create -spiffeID spiffe://example.org/web"
                + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps"
                + " -selector k8s:sa:default -selector k8s:pod-label:app:web -dns theirs.apps");
    String theirs = shown("spiffe://example.org/web");
    String file = file(WEB);
    Run conflict = register("-f", file);
    assertThat(conflict.code()).as("%s", conflict).isEqualTo(1);
    assertThat(conflict.out())
        .contains("✗ conflict  spiffe://example.org/web", "theirs.apps", "--adopt", "1 conflict");
    assertThat(shown("spiffe://example.org/web")).isEqualTo(theirs);
    Run adopted = register("-f", file, "--adopt");
    isDone(adopted);
    assertThat(adopted.out()).contains("takes over entry");
    assertThat(shown("spiffe://example.org/web")).doesNotContain("theirs.apps");
  }

  @Test
  void twoRunsAtOnceMakeEachEntryOnce() throws Exception {
    StringBuilder many = new StringBuilder(WEB);
    for (int i = 0; i < 700; i++) {
      many.append("  - spiffeID: spiffe://example.org/many/").append(i).append('\n');
      many.append("    selectors: [k8s:ns:many, k8s:sa:s").append(i).append("]\n");
    }
    String file = file(many.toString());
    CompletableFuture<Run> other = CompletableFuture.supplyAsync(() -> register("-f", file));
    isDone(register("-f", file));
    isDone(other.get());
    assertThat(entries()).isEqualTo(702);
  }
}
