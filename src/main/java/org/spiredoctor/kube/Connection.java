package org.spiredoctor.kube;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.spiredoctor.kube.KubeException.Reason;

/**
 * Where the API server is and who we are: {@code --kubeconfig}, {@code KUBECONFIG}, {@code
 * ~/.kube/config}, or the service account of a pod.
 */
public final class Connection {
  private static final Path SERVICE_ACCOUNT = Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH);

  private Connection() {}

  /** Whether anything says where a cluster is. */
  public static boolean configured() {
    return anyKubeconfig() || Files.exists(SERVICE_ACCOUNT);
  }

  private static boolean anyKubeconfig() {
    Collection<String> files = Config.getKubeconfigFilenames();
    return files.stream().anyMatch(file -> Files.isRegularFile(Path.of(file)));
  }

  /**
   * Connects; nothing is sent yet.
   *
   * @param limit for each request
   * @throws KubeException when nothing says where a cluster is, or it cannot be read
   */
  public static KubeApi open(Optional<String> file, Optional<String> context, Duration limit)
      throws KubeException {
    try {
      return new KubeApi(config(file, context), limit);
    } catch (KubeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new KubeException(Reason.UNREACHABLE, "read the kubeconfig", Failures.inWords(e));
    }
  }

  private static Config config(Optional<String> file, Optional<String> context)
      throws KubeException {
    if (file.isPresent()) {
      if (!Files.isReadable(Path.of(file.get()))) {
        throw new KubeException(
            Reason.UNREACHABLE, "read the kubeconfig", file.get() + " cannot be read");
      }
      return selected(
          Config.fromKubeconfig(context.orElse(null), new File(file.get())), context, file.get());
    }
    if (!configured()) {
      throw new KubeException(
          Reason.UNREACHABLE,
          "find a cluster",
          "no kubeconfig: none of "
              + String.join(", ", Config.getKubeconfigFilenames())
              + " exists, and this is not a pod with a service account");
    }
    return selected(
        Config.autoConfigure(context.orElse(null)),
        context,
        String.join(", ", Config.getKubeconfigFilenames()));
  }

  private static Config selected(Config config, Optional<String> context, String where)
      throws KubeException {
    boolean known =
        context.isEmpty()
            || (config.getContexts() != null
                && config.getContexts().stream().anyMatch(c -> context.get().equals(c.getName())));
    if (!known) {
      throw new KubeException(
          Reason.UNREACHABLE,
          "read the kubeconfig",
          "no context '" + context.get() + "' in " + where);
    }
    return config;
  }
}
