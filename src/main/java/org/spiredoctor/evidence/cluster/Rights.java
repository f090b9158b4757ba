package org.spiredoctor.evidence.cluster;

import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Pod;

/** What SPIRE's service accounts must be allowed, by the plugins that are configured. */
public final class Rights {
  /** The config map in which the notifier k8sbundle keeps the bundle, unless it is said. */
  private static final String BUNDLE = "spire-bundle";

  private Rights() {}

  /** All that matter to a component. */
  static Stream<Access> of(Component component) {
    return component
        .specimen()
        .map(
            pod ->
                switch (component.role()) {
                  case AGENT -> kubelet(component, pod);
                  case SERVER -> Stream.concat(review(component, pod), bundle(component, pod));
                })
        .orElse(Stream.empty());
  }

  /** {@code namespace:name}, as SPIRE writes it. */
  public static String account(Component component, Pod pod) {
    return component.namespace() + ":" + pod.serviceAccount();
  }

  /**
   * Whether a service account is known to have the rights by which SPIRE is told from what only
   * calls itself so: none of them can be granted from within a namespace.
   */
  static boolean mark(Component component, Pod pod, Snapshot snapshot) {
    return switch (component.role()) {
      case AGENT -> kubelet(component, pod).anyMatch(snapshot::allowed);
      // Some installations let the server get only the pods of its own namespace.
      case SERVER ->
          review(component, pod)
              .filter(right -> !right.resource().equals("pods"))
              .allMatch(snapshot::allowed);
    };
  }

  /** The rights by which a component may be told, whatever its configuration says. */
  static Stream<Access> marks(Component component) {
    return component.specimen().stream()
        .flatMap(
            pod ->
                switch (component.role()) {
                  case AGENT -> kubelet(component, pod);
                  case SERVER -> review(component, pod);
                });
  }

  /** Either lets an agent list the pods of its node: the second from Kubernetes 1.33 on. */
  public static Stream<Access> kubelet(Component agents, Pod pod) {
    String account = account(agents, pod);
    return Stream.of("nodes/proxy", "nodes/pods")
        .map(resource -> Access.everywhere(account, "get", "", resource));
  }

  /** With all of these a server can check an agent's projected token. */
  public static Stream<Access> review(Component server, Pod pod) {
    String account = account(server, pod);
    return Stream.of(
        Access.everywhere(account, "create", "authentication.k8s.io", "tokenreviews"),
        Access.everywhere(account, "get", "", "pods"),
        Access.everywhere(account, "get", "", "nodes"));
  }

  /** With these a server can publish its bundle for the agents. */
  public static Stream<Access> bundle(Component server, Pod pod) {
    if (!server.config().has("plugins", "Notifier", "k8sbundle")) {
      return Stream.empty();
    }
    String namespace = server.config().value(setting("namespace")).orElse("spire");
    String name = server.config().value(setting("config_map")).orElse(BUNDLE);
    return Stream.of("get", "patch")
        .map(
            verb ->
                new Access(
                    account(server, pod), verb, "", "configmaps", Optional.of(namespace), name));
  }

  private static String[] setting(String name) {
    return new String[] {"plugins", "Notifier", "k8sbundle", "plugin_data", name};
  }
}
