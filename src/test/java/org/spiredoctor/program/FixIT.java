package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;

/** {@code check --fix} in a real cluster. */
class FixIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  private static @Nullable RealCluster shared;

  @BeforeAll
  static void start() throws IOException {
    Assume.that(RealCluster.available(), "--fix in a real cluster", RealCluster.NEEDED);
    shared = RealCluster.shared();
    shared.makeWhole();
    shared.apply(ClusterFault.goodPod(shared));
    shared.sh("kubectl -n apps wait --for=condition=Ready pod/web --timeout=60s");
  }

  private static RealCluster cluster() {
    if (shared == null) {
      throw new IllegalStateException("no cluster");
    }
    return shared;
  }

  private static Run check(String... words) {
    return PROGRAM.start(cluster().environment(), words).end();
  }

  @Test
  void changesEntriesOnceThatIsAgreedTo() {
    cluster().sh("for id in $(entry_ids); do server entry delete -entryID $id; done");
    Run refused = check("check", "--fix");
    assertThat(refused.err()).contains("entry create").contains("Nothing was changed.");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(cluster().sh("server entry show")).contains("Found 0 entries");
    Run fixed = check("check", "--fix", "--yes");
    assertThat(fixed.err()).contains("Done: ");
    assertThat(fixed.code()).as("%s", fixed).isZero();
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(60));
    Run nothing = check("check", "--fix", "--yes");
    assertThat(nothing.err()).contains("nothing that was found");
    assertThat(nothing.code()).isZero();
    assertThat(List.of(check("check", "--fix", "--from", "none.json.gz").code())).contains(2);
  }
}
