package org.spiredoctor.kube;

import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.config.ApiTarget;
import org.spiredoctor.kube.config.ConfigException;
import org.spiredoctor.kube.config.Kubeconfig;
import org.spiredoctor.kube.config.KubeconfigContext;
import org.spiredoctor.kube.config.ServiceAccount;

/**
 * Where the API server is and who we are: {@code --kubeconfig}, {@code KUBECONFIG}, {@code
 * ~/.kube/config}, or the service account of a pod. Nothing else overrides it.
 */
public final class Connection {
  private Connection() {}

  /** Whether anything says where a cluster is. */
  public static boolean configured() {
    return configured(System.getenv());
  }

  private static boolean configured(Map<String, String> environment) {
    return Kubeconfig.files(environment).stream().anyMatch(Files::isRegularFile)
        || ServiceAccount.of(environment).available();
  }

  /**
   * The namespace of what is named without one, as with kubectl: that of the context, or else
   * {@code default}; in a pod without a kubeconfig that of the pod.
   *
   * @return nothing when there is no kubeconfig that can be read
   */
  public static Optional<String> namespace(Optional<String> file, Optional<String> context) {
    return namespace(file, context, System.getenv());
  }

  static Optional<String> namespace(
      Optional<String> file, Optional<String> context, Map<String, String> environment) {
    try {
      return Optional.of(target(file, context, environment).namespace().orElse("default"));
    } catch (ConfigException | KubeException e) {
      // It is said when the cluster is asked.
      return Optional.empty();
    }
  }

  /**
   * Connects; nothing is sent yet.
   *
   * @param limit for each request
   * @throws KubeException when nothing says where a cluster is, or it cannot be read
   */
  public static KubeApi open(Optional<String> file, Optional<String> context, Duration limit)
      throws KubeException {
    return open(file, context, limit, System.getenv());
  }

  /**
   * The same with another environment.
   *
   * @param environment of this process
   */
  static KubeApi open(
      Optional<String> file,
      Optional<String> context,
      Duration limit,
      Map<String, String> environment)
      throws KubeException {
    try {
      return new KubeApi(target(file, context, environment), environment, limit);
    } catch (ConfigException e) {
      throw new KubeException(
          Reason.UNREACHABLE, "read the kubeconfig", Redaction.text(e.inWords()));
    }
  }

  private static ApiTarget target(
      Optional<String> file, Optional<String> context, Map<String, String> environment)
      throws ConfigException, KubeException {
    InstantSource clock = InstantSource.system();
    List<Path> files =
        file.isPresent() ? List.of(Path.of(file.get())) : Kubeconfig.files(environment);
    Kubeconfig config = file.isPresent() ? Kubeconfig.read(files) : Kubeconfig.readExisting(files);
    if (config.isEmpty() && file.isEmpty()) {
      ServiceAccount account = ServiceAccount.of(environment);
      if (account.available()) {
        return account.target(clock);
      }
      throw new KubeException(
          Reason.UNREACHABLE,
          "cluster",
          "no kubeconfig: "
              + missing(files, config, environment)
              + ", and this is not a pod with a service account");
    }
    return new KubeconfigContext(config, environment, clock, terminal()).resolve(context);
  }

  private static String missing(
      List<Path> files, Kubeconfig config, Map<String, String> environment) {
    if (files.isEmpty()) {
      return environment.getOrDefault("KUBECONFIG", "").isEmpty()
          ? "neither KUBECONFIG nor HOME is set"
          : "KUBECONFIG names no file";
    }
    if (!config.files().isEmpty()) {
      return joined(config.files()) + " names no cluster";
    }
    return files.size() == 1
        ? joined(files) + " does not exist"
        : "none of " + joined(files) + " exists";
  }

  private static String joined(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  /** Whether an exec plugin could ask somebody. */
  @SuppressWarnings("SystemConsoleNull") // a native image may have none
  private static boolean terminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
