package org.spiredoctor.check;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ServerPod;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.StoreByServer;

/**
 * The connection over which a cluster was looked at, for the changes that follow: neither is a
 * credential plugin run twice then, nor TLS negotiated anew.
 */
public final class OpenCluster implements AutoCloseable {
  private final KubeApi api;

  /** Asked for meanwhile. */
  private final FutureTask<Boolean> endsInput;

  private OpenCluster(KubeApi api) {
    this.api = api;
    this.endsInput = new FutureTask<>(() -> ServerPod.endsInput(api));
  }

  static OpenCluster open(ClusterAccess access) throws KubeException {
    OpenCluster open = new OpenCluster(access.open(ClusterAccess.LIMIT));
    Thread _ = Thread.ofVirtual().start(open.endsInput);
    return open;
  }

  /** The connection. */
  public KubeApi api() {
    return api;
  }

  /**
   * Of a server's program; it is closed with this.
   *
   * @param limit for each answer
   */
  public EntryStore store(ServerProgram program, Duration limit) throws InterruptedException {
    try {
      return new StoreByServer(
          ServerPod.server(api.within(limit), program, endsInput.get(), _ -> {}));
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking for the version", e.getCause());
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
