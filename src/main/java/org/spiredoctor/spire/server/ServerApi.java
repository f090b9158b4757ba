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
import org.spiredoctor.spire.server.ServerException.Reason;

/** A client of a <a href="https://github.com/spiffe/spire-api-sdk">SPIRE server's API</a>. */
public final class ServerApi implements SpireServer {
  private static final int LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;
  private static final byte[] NOTHING = {};
  private static final Capacity CAPACITY = new Capacity(500, 1, 20);

  /** The server left an entry out of its answer: {@code UNKNOWN} to gRPC. */
  private static final EntryResult UNANSWERED = new EntryResult(2, "the server said nothing of it");

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

  @Override
  public Capacity capacity() {
    return CAPACITY;
  }

  /** All entries, page by page. */
  @Override
  public List<Entry> entries() throws ServerException {
    Pool pool = new Pool();
    return all(Method.LIST_ENTRIES, 3, 0, in -> EntryMessageReader.read(in, pool));
  }

  @Override
  public List<EntryResult> create(List<Entry> entries) throws ServerException {
    return ask(Method.CREATE_ENTRIES, EntryWriter.entries(entries), ResultReader::withEntries);
  }

  @Override
  public Optional<Entry> entry(String id) throws ServerException {
    try {
      return Optional.of(call(Method.GET_ENTRY, EntryWriter.id(id), EntryMessageReader::whole));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw failed(Method.GET_ENTRY, e);
    }
  }

  /**
   * Sends the fields that are meant to change, and no others. A request has one mask, so that there
   * are as many as there are kinds of change.
   */
  @Override
  public List<EntryResult> update(List<EntryUpdate> updates) throws ServerException {
    Map<FieldMask, List<EntryUpdate>> kinds =
        updates.stream()
            .collect(Collectors.groupingBy(FieldMask::of, LinkedHashMap::new, Collectors.toList()));
    Map<String, EntryResult> statuses = new HashMap<>();
    for (Map.Entry<FieldMask, List<EntryUpdate>> kind : kinds.entrySet()) {
      List<Entry> meant = kind.getValue().stream().map(EntryUpdate::meant).toList();
      byte[] question = EntryWriter.updates(meant, kind.getKey());
      List<EntryResult> said = ask(Method.UPDATE_ENTRIES, question, ResultReader::all);
      for (int i = 0; i < Math.min(said.size(), meant.size()); i++) {
        statuses.put(meant.get(i).id(), said.get(i));
      }
    }
    return updates.stream()
        .map(update -> statuses.getOrDefault(update.meant().id(), UNANSWERED))
        .toList();
  }

  @Override
  public List<EntryResult> delete(List<String> ids) throws ServerException {
    return ask(Method.DELETE_ENTRIES, EntryWriter.ids(ids), ResultReader::all);
  }

  /** All agents, page by page. */
  @Override
  public List<Agent> agents() throws ServerException {
    Pool pool = new Pool();
    return all(Method.LIST_AGENTS, 3, 0, in -> AgentReader.read(in, pool));
  }

  @Override
  public TrustBundle bundle() throws ServerException {
    return ask(Method.GET_BUNDLE, NOTHING, TrustReader::whole);
  }

  @Override
  public List<TrustBundle> federatedBundles() throws ServerException {
    return all(Method.LIST_FEDERATED_BUNDLES, 2, 0, TrustReader::nested);
  }

  @Override
  public List<FederationRelationship> federationRelationships() throws ServerException {
    return all(Method.LIST_FEDERATION_RELATIONSHIPS, 2, 4, RelationshipReader::read);
  }

  @Override
  public String version() throws ServerException {
    throw new ServerException(
        Reason.NOT_ASKED, "ask the SPIRE server for its version", "its API does not tell it");
  }

  /** What it tells of itself; on its own socket only. */
  @Override
  public ServerInfo info() throws ServerException {
    return ask(Method.GET_INFO, NOTHING, InfoReader::read);
  }

  /** Its health, in gRPC's words; on its own socket only. */
  @Override
  public String health() throws ServerException {
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
      throws ServerException {
    List<T> items = new ArrayList<>();
    Page page = new Page("");
    Set<Page> had = new HashSet<>();
    while (true) {
      Page next = ask(method, page.question(sizeField, more), in -> Page.read(in, item, items));
      if (next.next().isEmpty()) {
        return List.copyOf(items);
      }
      if (!had.add(next)) {
        throw new ServerException(
            Reason.FAILED, asked(method), "it gives the same page again and again");
      }
      page = next;
    }
  }

  private <T> T ask(Method method, byte[] question, Method.Reader<T> reader)
      throws ServerException {
    try {
      return call(method, question, reader);
    } catch (StatusRuntimeException e) {
      throw failed(method, e);
    }
  }

  private <T> T call(Method method, byte[] question, Method.Reader<T> reader) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    return ClientCalls.blockingUnaryCall(channel, method.answeredBy(reader), options, question);
  }

  private ServerException failed(Method method, StatusRuntimeException e) {
    Reason reason =
        switch (e.getStatus().getCode()) {
          case PERMISSION_DENIED, UNAUTHENTICATED -> Reason.FORBIDDEN;
          case UNIMPLEMENTED, NOT_FOUND -> Reason.ABSENT;
          default -> Reason.FAILED;
        };
    return new ServerException(reason, asked(method), words(e.getStatus()));
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
