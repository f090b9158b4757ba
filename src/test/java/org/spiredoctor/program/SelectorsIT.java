package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** The selectors that we expect, beside those that a real agent attests and logs. */
@RealClusterTest("selectors of a real agent")
class SelectorsIT {
  private static final Pattern SELECTOR =
      Pattern.compile("type:\\\\?\"k8s\\\\?\"\\s+value:\\\\?\"(.*?)\\\\?\"");

  @BeforeAll
  static void start() {
    cluster().makeWhole();
  }

  @Test
  void areThoseThatTheAgentSees() throws IOException {
    cluster()
        .apply(
            cluster()
                .adapted(
                    """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop, namespace: apps}
            spec:
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop, app.kubernetes.io/part-of: "a.b-c", empty: ""}}
                spec:
                  terminationGracePeriodSeconds: 0
                  initContainers:
                  - {name: first, image: "busybox:lab", imagePullPolicy: Never, command: ["true"]}
                  containers:
                  - name: app
                    image: busybox:lab
                    imagePullPolicy: Never
                    command: [sleep, "36000"]
                    env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}]
                    volumeMounts:
                    - {name: tools, mountPath: /tools}
                    - {name: spire, mountPath: /spire-socket, readOnly: true}
                  - {name: side, image: "pause:lab", imagePullPolicy: Never}
                  volumes:
                  - {name: tools, hostPath: {path: "@TOOLS@"}}
                  - {name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}
            """));
    cluster().sh("kubectl -n apps rollout status deployment/shop --timeout=60s");
    Pod pod =
        Pod.of(
            new ObjectMapper()
                .readTree(cluster().sh("kubectl -n apps get pod -l app=shop -o json"))
                .at("/items/0"));
    Container app = pod.containers(Container.Role.APP).findFirst().orElseThrow();
    Set<String> expected = new TreeSet<>();
    K8sSelectors.USUAL.of(pod, app).stream().map(Selector::value).forEach(expected::add);
    assertThat(attested(pod)).containsExactlyElementsOf(expected);
  }

  /** What the agent logs at DEBUG when the pod asks. */
  private static Set<String> attested(Pod pod) {
    cluster()
        .run(
            "kubectl exec -n apps %s -c app -- env SVIDTEST_TIMEOUT=3s /tools/svid-test -test.run TestFetchX509SVID"
                .formatted(pod.meta().name()),
            Duration.ofSeconds(30));
    List<String> lines =
        cluster()
            .sh("kubectl -n spire-system logs daemonset/spire-agent -c spire-agent --tail=400")
            .lines()
            .filter(line -> line.contains("pod-name:" + pod.meta().name()))
            .toList();
    assertThat(lines).as("lines of the agent about %s", pod.inWords()).isNotEmpty();
    Set<String> seen = new TreeSet<>();
    Matcher matcher = SELECTOR.matcher(lines.getLast());
    while (matcher.find()) {
      seen.add(matcher.group(1));
    }
    return seen;
  }
}
