package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;

/** {@code check --fix} in a real cluster. */
@RealClusterTest("--fix in a real cluster")
class FixIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  @BeforeEach
  void startsWhole() {
    cluster().makeWhole();
    cluster().apply(ClusterFault.goodPod(cluster()));
    cluster().sh("kubectl -n apps wait --for=condition=Ready pod/web --timeout=60s");
  }

  private static Run check(String... words) {
    return PROGRAM.start(cluster().environment(), words).end();
  }

  private static final String NO_ENTRIES =
      "for id in $(entry_ids); do server entry delete -entryID $id; done";

  @Test
  void createsAnEntryOnlyForThePodAndTheIdentityThatAreNamed() {
    cluster().sh(NO_ENTRIES);
    Run shown = check("check", "--fix", "--yes");
    assertThat(shown.err())
        .contains("Shown, not applied: ")
        .contains("entry create")
        .contains("Gains spiffe://example.org/ns/apps/sa/default: apps/web")
        .contains("Nothing was changed.");
    assertThat(shown.code()).isEqualTo(1);
    String[] named = {"check", "apps/web", "--spiffe-id", "spiffe://example.org/web", "--fix"};
    Run refused = check(named);
    assertThat(refused.err()).contains("Do it?").contains("Nothing was changed.");
    assertThat(cluster().sh("server entry show")).contains("Found 0 entries");
    Run fixed = check(Stream.concat(Stream.of(named), Stream.of("--yes")).toArray(String[]::new));
    assertThat(fixed.err()).contains("Done: ").contains("Read back: ").contains("is as meant");
    assertThat(fixed.code()).as("%s", fixed).isZero();
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(60));
    Run nothing = check("check", "--fix", "--yes");
    assertThat(nothing.err()).contains("nothing that was found");
    assertThat(nothing.code()).isZero();
    assertThat(List.of(check("check", "--fix", "--from", "none.json.gz").code())).contains(2);
  }

  @Test
  void createsMissingAliasesAndAsksForEach() {
    cluster().sh(NO_ENTRIES);
    cluster()
        .apply(
            ClusterFault.goodPod(cluster())
                .replace("name: web,", "name: db,")
                .replace("app: web", "app: db"));
    for (String name : List.of("web", "db")) {
      cluster()
          .sh(
              ("server entry create -spiffeID spiffe://example.org/%1$s"
                      + " -parentID spiffe://example.org/nodes-of-%1$s"
                      + " -selector k8s:ns:apps -selector k8s:pod-label:app:%1$s")
                  .formatted(name));
    }
    try {
      Run asked = check("check", "--fix");
      assertThat(asked.err().split("Do it\\?", -1)).as("%s", asked).hasSize(3);
      assertThat(asked.err()).contains("Nothing was changed.");
      Run fixed = check("check", "--fix", "--yes");
      assertThat(fixed.err()).contains("Gains spiffe://example.org/db: apps/db");
      assertThat(fixed.err().split("Done: ", -1)).as("%s", fixed).hasSize(3);
      Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(60));
      assertThat(cluster().sh("server entry show -spiffeID spiffe://example.org/nodes-of-db"))
          .contains("Found 1 entry")
          .contains("k8s_psat:cluster:");
    } finally {
      cluster().sh("kubectl -n apps delete pod db --now --wait");
    }
  }

  @Test
  void extendsAnEntryThatHasExpiredOnlyForAPersonOrWhoIsNamed() {
    cluster()
        .sh(
            "server entry delete -entryID \"$(entry_ids -spiffeID spiffe://example.org/web)\"\n"
                + "server entry create -spiffeID spiffe://example.org/web"
                + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps"
                + " -selector k8s:pod-label:app:web -entryExpiry $(($(date +%s) + 1))\n"
                + "sleep 2");
    Run asked = check("check", "--fix", "--yes");
    assertThat(asked.err()).contains("which expired at 20").contains("Nothing was changed.");
    Run fixed =
        check("check", "apps/web", "--spiffe-id", "spiffe://example.org/web", "--fix", "--yes");
    assertThat(fixed.err()).contains("Done: ");
    assertThat(cluster().sh("server entry show -spiffeID spiffe://example.org/web"))
        .contains("Found 1 entry")
        .doesNotContain("Expiration time");
  }
}
