package org.spiredoctor.program;

import static org.spiredoctor.program.RealCluster.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** {@code run} in a real cluster, with the image that the native build made. */
abstract class RunTestSupport {
  static final Program PROGRAM = Program.nativeBinary();
  static final String POD = "spire-integration-test-ci";
  @TempDir Path directory;

  @BeforeAll
  static void start() {
    cluster().makeWhole();
  }

  @AfterEach
  void nothingIsLeft() {
    cluster()
        .sh(
            """
            kubectl -n spire-system delete pod -l app.kubernetes.io/managed-by=spire-doctor --now --wait
            kubectl -n apps delete pod,resourcequota,role,rolebinding --all --now --wait
            kubectl apply -f deploy/rbac.yaml >/dev/null
            kubectl label namespace apps pod-security.kubernetes.io/enforce- >/dev/null
            """);
  }

  static Started begin(Map<String, String> more, List<String> words) {
    Map<String, String> environment = new HashMap<>(cluster().environment());
    environment.put("SPIRE_DOCTOR_IMAGE", cluster().loadImage());
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of("run"));
    if (RealCluster.csi()) {
      all.addAll(List.of("--volume", "csi"));
    }
    all.addAll(words);
    return PROGRAM.start(environment, all.toArray(String[]::new));
  }

  static Run run(String... words) {
    return begin(Map.of(), List.of(words)).end();
  }

  /** What needs no identity. */
  static List<String> plainly(String... words) {
    List<String> all = new ArrayList<>(List.of("--no-register", "--no-check"));
    all.addAll(List.of(words));
    return all;
  }

  static String svidTest() {
    return cluster().directory().resolve("tools/svid-test").toString();
  }

  /** A static program that can be told what to do. */
  static String busybox() {
    return cluster().sh("command -v busybox-static || command -v busybox").strip();
  }

  static boolean podIsThere(String namespace, String name) {
    String seen =
        cluster()
            .sh(
                "kubectl -n %s get pod %s --ignore-not-found -o jsonpath='{.metadata.name}{.metadata.deletionTimestamp}'"
                    .formatted(namespace, name));
    return seen.equals(name);
  }
}
