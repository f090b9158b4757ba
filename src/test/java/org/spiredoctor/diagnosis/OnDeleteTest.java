package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.PodOwner;

class OnDeleteTest {
  private static PodOwner daemonSet(String strategy) {
    return daemonSet(strategy, "{\"matchLabels\": {\"name\": \"agent\", \"app\": \"spire\"}}");
  }

  private static PodOwner daemonSet(String strategy, String selector) {
    String json =
        """
        {"metadata": {"name": "spire-agent", "namespace": "spire-system"},
         "spec": {"updateStrategy": {"type": "%s"},
                  "selector": %s}}
        """
            .formatted(strategy, selector);
    try {
      // As it is after the gate.
      return PodOwner.of(
          "DaemonSet", Kind.DAEMON_SET.mask().apply(new ObjectMapper().readTree(json)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing restarts the pods of a DaemonSet with OnDelete but their end. */
  @Test
  void podsThatAreReplacedOnlyOnceTheyAreDeletedAreDeleted() {
    PodOwner onDelete = daemonSet("OnDelete");
    String delete = "kubectl delete pod -n spire-system -l app=spire,name=agent";
    assertThat(Kubectl.restart(onDelete)).isEqualTo(delete);
    assertThat(Kubectl.merge(onDelete, "{}"))
        .isEqualTo("kubectl patch -n spire-system daemonset/spire-agent -p '{}' && " + delete);
    assertThat(Kubectl.changePods(onDelete, "")).endsWith(" && " + delete);
    assertThat(Kubectl.setImage(onDelete, "spire-agent", "x:1")).endsWith(" && " + delete);
    PodOwner rolling = daemonSet("RollingUpdate");
    assertThat(Kubectl.restart(rolling))
        .isEqualTo("kubectl rollout restart -n spire-system daemonset/spire-agent");
    assertThat(Kubectl.merge(rolling, "{}"))
        .isEqualTo("kubectl patch -n spire-system daemonset/spire-agent -p '{}'");
  }

  /** Two may have the same labels. */
  @Test
  void podsOfAnOwnerAreSelectedAsItDoes() {
    String expressions =
        """
        {"matchLabels": {"app": "spire"}, "matchExpressions": [
          {"key": "pool", "operator": "In", "values": ["gpu", "cpu"]},
          {"key": "tier", "operator": "NotIn", "values": ["test"]},
          {"key": "old", "operator": "DoesNotExist"}, {"key": "release", "operator": "Exists"}]}
        """;
    assertThat(Kubectl.restart(daemonSet("OnDelete", expressions)))
        .isEqualTo(
            "kubectl delete pod -n spire-system -l"
                + " '!old,app=spire,pool in (gpu,cpu),release,tier notin (test)'");
  }
}
