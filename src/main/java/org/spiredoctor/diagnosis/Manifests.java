package org.spiredoctor.diagnosis;

import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.SocketDirectory;
import org.spiredoctor.pod.Surroundings;

/** The parts of pod manifests, and the commands about pods, that remedies are made of. */
public final class Manifests {
  private Manifests() {}

  /** The variable that SPIFFE libraries read (SPIFFE Workload Endpoint, section 4). */
  public static String endpointVariable(String address) {
    return """
        env:
          - name: SPIFFE_ENDPOINT_SOCKET
            value: %s
        """
        .formatted(oneLine(address));
  }

  /** The agent's socket directory, from the node. */
  public static String hostPath(String onNode, String inPod) {
    return """
        volumes:
          - name: spire-agent-socket
            hostPath:
              path: %s
              type: Directory
        containers:
          - volumeMounts:
              - name: spire-agent-socket
                mountPath: %s
                readOnly: true
        """
        .formatted(onNode(onNode), oneLine(inPod));
  }

  /** The agent's socket directory, by the SPIFFE CSI driver. */
  public static String csi(String inPod) {
    return """
        volumes:
          - name: spire-agent-socket
            csi:
              driver: csi.spiffe.io
              readOnly: true
        containers:
          - volumeMounts:
              - name: spire-agent-socket
                mountPath: %s
                readOnly: true
        """
        .formatted(oneLine(inPod));
  }

  /** The agent's socket directory, as the path of a volume that is there already. */
  public static String hostPathVolume(String volume, String onNode) {
    return """
        volumes:
          - name: %s
            hostPath:
              path: %s
              type: Directory
        """
        .formatted(oneLine(volume), onNode(onNode));
  }

  /** A directory that an agent's manifest names; no remedy gives a pod more than a socket. */
  private static String onNode(String directory) {
    return SocketDirectory.refusal(directory).isPresent()
        ? "DIRECTORY-OF-THE-AGENTS-SOCKET"
        : oneLine(directory);
  }

  /** A volume of the SPIFFE CSI driver, as it must be. */
  public static String csiVolume(String volume, String driver) {
    return """
        volumes:
          - name: %s
            csi:
              driver: %s
              readOnly: true
        """
        .formatted(oneLine(volume), oneLine(driver));
  }

  /** A variable of one container. */
  public static String variable(Container container, String name, String value) {
    return """
        %s:
          - name: %s
            env:
              - name: %s
                value: %s
        """
        .formatted(container.role().containers(), container.name(), name, oneLine(value));
  }

  /** A mount of one container. */
  public static String mount(Container container, String volume, String inPod) {
    return """
        %s:
          - name: %s
            volumeMounts:
              - name: %s
                mountPath: %s
                readOnly: true
        """
        .formatted(
            container.role().containers(), container.name(), oneLine(volume), oneLine(inPod));
  }

  /** {@code kubectl VERB -n NAMESPACE NAME}. */
  public static String kubectl(String verb, Pod pod) {
    return "kubectl "
        + verb
        + " -n "
        + Shell.quote(pod.meta().namespace())
        + " "
        + Shell.quote(pod.meta().name());
  }

  /** Shows what the agents said lately. */
  public static String agentLog() {
    return "kubectl logs -n spire-system -l app=spire-agent --tail=200 --prefix";
  }

  /** Shows on which nodes agents run, and how they are. */
  public static String agentPods() {
    return "kubectl get pods -A -o wide -l app=spire-agent";
  }

  /** Shows what the k8s attestor goes by. */
  public static String showPod(Surroundings here) {
    String columns =
        " -o custom-columns=NS:.metadata.namespace,POD:.metadata.name,"
            + "SA:.spec.serviceAccountName,NODE:.spec.nodeName,LABELS:.metadata.labels";
    return here.namespace()
        .map(ns -> "kubectl get pod -n " + Shell.quote(ns) + " " + Shell.quote(here.hostname()))
        .orElseGet(
            () ->
                "kubectl get pods -A --field-selector "
                    + Shell.quote("metadata.name=" + here.hostname()))
        .concat(columns);
  }

  /** A file's name may hold a newline, and must not become a line of the manifest. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
