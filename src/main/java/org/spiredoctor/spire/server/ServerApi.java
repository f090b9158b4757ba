package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.spire.Channels;
import org.spiredoctor.spire.Credentials;
import org.spiredoctor.spire.Ending;

/**
 * A client of a <a href="https://github.com/spiffe/spire-api-sdk">SPIRE server's API</a>. It may be
 * used by several threads.
 */
public final class ServerApi implements AutoCloseable {
  private static final int LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;
  private static final byte[] NOTHING = {};

  private final String where;
  private final Duration limit;
  private final EventLoopGroup loop;
  private final ManagedChannel channel;

  private ServerApi(String where, Duration limit, EventLoopGroup loop, ManagedChannel channel) {
    this.where = where;
    this.limit = limit;
    this.loop = loop;
    this.channel = channel;
  }

  /**
   * On the server's own socket, where everybody who may open it is trusted. Nothing is opened yet.
   *
   * @param limit for one answer
   */
  public static ServerApi local(Path socket, Duration limit) {
    EventLoopGroup loop = Channels.loop("server-api");
    return new ServerApi(
        "unix://" + socket,
        limit,
        loop,
        Channels.unix(socket, loop)
            .usePlaintext()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
            .build());
  }

  /**
   * Over the network. Nothing is opened yet.
   *
   * @param of the trust domain whose server it must be
   * @param limit for one answer
   */
  public static ServerApi network(
      InetSocketAddress address, Credentials as, TrustDomain of, Duration limit) {
    EventLoopGroup loop = Channels.loop("server-api");
    SpiffeId server = SpiffeId.fromSegments(of, "spire", "server");
    return new ServerApi(
        address.getHostString() + ":" + address.getPort(),
        limit,
        loop,
        Channels.tcp(address, loop, limit)
            .sslContext(as.towards(server))
            .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
            .build());
  }

  /** All entries, page by page. */
  public List<Entry> entries() throws ServerApiException {
    Pool pool = new Pool();
    return all(Method.LIST_ENTRIES, 3, 0, in -> EntryMessageReader.read(in, pool));
  }

  /** Makes entries; what came of each, in order, with the entry as the server has it. */
  public List<EntryStatus> create(List<Entry> entries) throws ServerApiException {
    return ask(Method.CREATE_ENTRIES, EntryWriter.entries(entries), EntryStatus::withEntries);
  }

  /** The entry of an id, as it is now; nothing when there is none. */
  public Optional<Entry> entry(String id) throws ServerApiException {
    try {
      return Optional.of(ask(Method.GET_ENTRY, EntryWriter.id(id), EntryMessageReader::whole));
    } catch (ServerApiException e) {
      if (e.code() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Updates entries: sends the fields that are meant to change, and no others; what came of each,
   * in order. A request has one mask, so that there are as many as there are kinds of change.
   */
  public List<EntryStatus> update(List<EntryUpdate> updates) throws ServerApiException {
    Map<FieldMask, List<EntryUpdate>> kinds =
        updates.stream()
            .collect(Collectors.groupingBy(FieldMask::of, LinkedHashMap::new, Collectors.toList()));
    Map<String, EntryStatus> statuses = new HashMap<>();
    for (Map.Entry<FieldMask, List<EntryUpdate>> kind : kinds.entrySet()) {
      List<Entry> meant = kind.getValue().stream().map(EntryUpdate::meant).toList();
      byte[] question = EntryWriter.updates(meant, kind.getKey());
      List<EntryStatus> said = ask(Method.UPDATE_ENTRIES, question, EntryStatus::all);
      for (int i = 0; i < Math.min(said.size(), meant.size()); i++) {
        statuses.put(meant.get(i).id(), said.get(i));
      }
    }
    return updates.stream()
        .map(update -> statuses.getOrDefault(update.meant().id(), EntryStatus.NONE))
        .toList();
  }

  /** Deletes the entries of these ids; what came of each, in order. */
  public List<EntryStatus> delete(List<String> ids) throws ServerApiException {
    return ask(Method.DELETE_ENTRIES, EntryWriter.ids(ids), EntryStatus::all);
  }

  /** All agents, page by page. */
  public List<Agent> agents() throws ServerApiException {
    Pool pool = new Pool();
    return all(Method.LIST_AGENTS, 3, 0, in -> AgentReader.read(in, pool));
  }

  /** The bundle of the server's trust domain. */
  public TrustBundle bundle() throws ServerApiException {
    return ask(Method.GET_BUNDLE, NOTHING, TrustReader::whole);
  }

  /** The bundles that it has of other trust domains. */
  public List<TrustBundle> federatedBundles() throws ServerApiException {
    return all(Method.LIST_FEDERATED_BUNDLES, 2, 0, TrustReader::nested);
  }

  /** Where it fetches these from; from its configuration too, if it is so new that it tells. */
  public List<FederationRelationship> federationRelationships() throws ServerApiException {
    return all(Method.LIST_FEDERATION_RELATIONSHIPS, 2, 4, RelationshipReader::read);
  }

  /** What it tells of itself; on its own socket only. */
  public ServerInfo info() throws ServerApiException {
    return ask(Method.GET_INFO, NOTHING, InfoReader::read);
  }

  /** Its health, in gRPC's words; on its own socket only. */
  public String health() throws ServerApiException {
    int[] status = {0};
    return ask(
        Method.CHECK_HEALTH,
        NOTHING,
        in -> {
          Wire.message(
              in,
              tag -> {
                if (tag != (1 << FIELD | NUMBER)) {
                  return false;
                }
                status[0] = in.readEnum();
                return true;
              });
          return switch (status[0]) {
            case 1 -> "SERVING";
            case 2 -> "NOT_SERVING";
            default -> "UNKNOWN";
          };
        });
  }

  private <T> List<T> all(Method method, int sizeField, int more, Method.Reader<T> item)
      throws ServerApiException {
    List<T> items = new ArrayList<>();
    Page page = new Page("");
    Set<Page> had = new HashSet<>();
    while (true) {
      Page next = ask(method, page.question(sizeField, more), in -> Page.read(in, item, items));
      if (next.next().isEmpty()) {
        return List.copyOf(items);
      }
      if (!had.add(next)) {
        throw new ServerApiException(
            asked(method), Status.Code.INTERNAL, "it gives the same page again and again");
      }
      page = next;
    }
  }

  private <T> T ask(Method method, byte[] question, Method.Reader<T> reader)
      throws ServerApiException {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return ClientCalls.blockingUnaryCall(channel, method.answeredBy(reader), options, question);
    } catch (StatusRuntimeException e) {
      throw new ServerApiException(asked(method), e.getStatus().getCode(), words(e.getStatus()));
    }
  }

  private String asked(Method method) {
    return method + " of the SPIRE server at " + where;
  }

  private String words(Status status) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "no answer in " + limit.toSeconds() + " s";
    }
    String root = root(status.getCause());
    String description = status.getDescription();
    if (status.getCode() == Status.Code.UNAVAILABLE && root != null) {
      return root;
    }
    return Ending.codeInWords(status.getCode())
        + (description == null ? "" : ": " + description)
        + (root == null ? "" : ": " + root);
  }

  private static @Nullable String root(@Nullable Throwable thrown) {
    Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null
        ? null
        : root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }
}
