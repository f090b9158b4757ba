package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;

/** {@code register} at a server without entries, in a real cluster. */
abstract class RegisterTestSupport {
  static final Program PROGRAM = Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  static final String WEB =
      """
      apiVersion: spiredoctor.org/v1
      kind: Registrations
      entries:
        - spiffeID: spiffe://example.org/web
          selectors: [k8s:ns:apps, k8s:sa:default, k8s:pod-label:app:web]
      """;

  @TempDir Path directory;
  static final String NONE = "{apiVersion: spiredoctor.org/v1, kind: Registrations, entries: []}";

  @BeforeAll
  static void start() {
    cluster().makeWhole();
    cluster().apply(ClusterFault.goodPod(cluster()));
    cluster().sh("kubectl -n apps wait --for=condition=Ready pod/web --timeout=60s");
  }

  @BeforeEach
  void empty() {
    cluster()
        .sh(
            """
            ids=$(entry_ids | sed 's/.*/"&"/' | paste -sd, -)
            [ -z "$ids" ] || printf '{"ids":[%s]}' "$ids" | kubectl exec -i -n spire-system \
              spire-server-0 -c spire-server -- /opt/spire/bin/spire-server entry delete -file -
            """);
  }

  static Run register(String... words) {
    return register(Map.of(), words);
  }

  static Run register(Map<String, String> more, String... words) {
    Map<String, String> environment = new HashMap<>(cluster().environment());
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of("register"));
    all.addAll(List.of(words));
    return PROGRAM.start(environment, all.toArray(String[]::new)).end();
  }

  String file(String text) throws IOException {
    return Files.writeString(directory.resolve("entries.yaml"), text).toString();
  }

  static void isDone(Run run) {
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("✅ Registration entries verified/created");
  }

  /** An entry as its server prints it; each version in columns of its own. */
  static String shown(String spiffeId) {
    return cluster().sh("server entry show -spiffeID " + spiffeId).replaceAll(" +", " ");
  }

  static int entries() {
    return cluster().sh("entry_ids").lines().toList().size();
  }
}
