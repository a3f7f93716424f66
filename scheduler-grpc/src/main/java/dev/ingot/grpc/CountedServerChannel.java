package dev.ingot.grpc;

import dev.ingot.scheduler.control.Gate;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.Iterator;
import java.util.List;

/** Takes connections as far as the gate lets them come, and closes others before anything is read from them. */
final class CountedServerChannel extends NioServerSocketChannel {
    private final Gate gate;

    CountedServerChannel(Gate gate) {
        this.gate = gate;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        Iterator<Object> fresh = accepted.listIterator(before);
        while (fresh.hasNext()) {
            if (fresh.next() instanceof SocketChannel channel && !isAdmitted(channel)) {
                fresh.remove();
                channel.unsafe().closeForcibly();
            }
        }
        return count;
    }

    private boolean isAdmitted(SocketChannel channel) {
        if (channel.remoteAddress() == null) {
            // It has gone already.
            return false;
        }
        String address = channel.remoteAddress().getAddress().getHostAddress();
        if (!gate.connected(address)) {
            return false;
        }
        Object unused = channel.closeFuture().addListener(closed -> gate.disconnected(address));
        return true;
    }
}
