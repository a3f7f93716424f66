package dev.ingot.grpc;

import dev.ingot.scheduler.control.Client;
import dev.ingot.scheduler.control.Gate;
import dev.ingot.scheduler.control.Refusal;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Finds out who calls, before anything that is sent is read. Nobody has to say who it is to hear whether the server is well. */
final class Authentication implements ServerInterceptor {
    private static final Context.Key<Client> CLIENT = Context.key("client");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Gate gate;

    Authentication(Gate gate) {
        this.gate = gate;
    }

    /** Who makes the present call. */
    static Client client() {
        return CLIENT.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            String address = address(call);
            if (HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
                gate.requireFewStrangers(address);
                return next.startCall(call, headers);
            }
            Client client = new Client(gate.identify(headers.get(AUTHORIZATION), certificate(call), address), address);
            return Contexts.interceptCall(Context.current().withValue(CLIENT, client), call, headers, next);
        } catch (Refusal refusal) {
            StatusException told = Statuses.of(refusal);
            Metadata trailers = told.getTrailers();
            call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
            return new ServerCall.Listener<>() {};
        }
    }

    private static String address(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "unknown";
    }

    private static @Nullable String certificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return null;
        }
        try {
            return session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }
}
