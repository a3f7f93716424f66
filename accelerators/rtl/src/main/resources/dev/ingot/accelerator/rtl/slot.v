// A slot of the card: an AXI4-Lite slave for the registers, which belongs to the card, and the core that CORE names.
//
//   0x00 w  bit 0: start
//   0x04 r  bit 0: busy, bit 1: done
//   0x08 r  identity of the core
//   0x0c r  cycles worked since the start
//   0x10 to 0x24 rw  six arguments, whose meaning is the core's
//
// A transfer on the memory port takes place in a cycle in which both mem_valid and mem_ready are high. A core asks until it is
// answered and changes nothing before, so a transfer that a capture interrupts is asked for again.
`default_nettype none
module slot #(
    parameter WIDTH = 64
) (
    input wire clk,
    input wire rst,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out,
    input wire awvalid,
    output wire awready,
    input wire [7:0] awaddr,
    input wire wvalid,
    output wire wready,
    input wire [31:0] wdata,
    output reg bvalid,
    input wire bready,
    input wire arvalid,
    output wire arready,
    input wire [7:0] araddr,
    output reg rvalid,
    input wire rready,
    output reg [31:0] rdata,
    output wire mem_valid,
    output wire mem_write,
    output wire [31:0] mem_addr,
    output wire [WIDTH-1:0] mem_wdata,
    input wire [WIDTH-1:0] mem_rdata,
    input wire mem_ready,
    output wire irq
);
  wire write = awvalid && wvalid && !bvalid;
  wire [31:0] value;
  assign awready = write;
  assign wready = write;
  assign arready = arvalid && !rvalid;

  always @(posedge clk)
    if (rst) begin
      bvalid <= 0;
      rvalid <= 0;
      rdata <= 0;
    end else begin
      if (write) bvalid <= 1;
      else if (bready) bvalid <= 0;
      if (arready) begin
        rvalid <= 1;
        rdata <= value;
      end else if (rready) rvalid <= 0;
    end

  `CORE core (
      .clk(clk),
      .rst(rst),
      .scan_en(scan_en),
      .scan_in(scan_in),
      .scan_out(scan_out),
      .write(write),
      .waddr(awaddr),
      .wdata(wdata),
      .raddr(araddr),
      .rdata(value),
      .mem_valid(mem_valid),
      .mem_write(mem_write),
      .mem_addr(mem_addr),
      .mem_wdata(mem_wdata),
      .mem_rdata(mem_rdata),
      .mem_ready(mem_ready),
      .irq(irq)
  );
endmodule
`default_nettype wire
