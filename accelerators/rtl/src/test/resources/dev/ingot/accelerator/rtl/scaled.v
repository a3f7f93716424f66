// out[i] = in[i] * factor + i for items of 64 bits, one word of memory each.
//
// Arguments: word addresses of in and out; n and factor, low halves first; the first item, low half first; how many.
`default_nettype none
module operation #(
    parameter WIDTH = 64
) (
    input wire clk,
    input wire rst,
    input wire scan_en,
    input wire scan_in,
    output wire scan_out,
    input wire write,
    input wire [7:0] waddr,
    input wire [31:0] wdata,
    input wire [7:0] raddr,
    output reg [31:0] rdata,
    output wire mem_valid,
    output wire mem_write,
    output wire [31:0] mem_addr,
    output wire [WIDTH-1:0] mem_wdata,
    input wire [WIDTH-1:0] mem_rdata,
    input wire mem_ready,
    output wire irq
);
  reg [31:0] in, out, count, cycles;
  reg [63:0] factor, item, value;
  reg busy, done, storing;

  assign mem_valid = busy;
  assign mem_write = storing;
  assign mem_addr = (storing ? out : in) + item[31:0];
  assign mem_wdata = value;
  assign irq = done;
  assign scan_out = scan_in & scan_en;

  always @(posedge clk)
    if (rst) {in, out, count, cycles, factor, item, value, busy, done, storing} <= 0;
    else if (write)
      case (waddr)
        8'h10: in <= wdata;
        8'h14: out <= wdata;
        8'h20: factor[31:0] <= wdata;
        8'h24: factor[63:32] <= wdata;
        8'h28: item[31:0] <= wdata;
        8'h2c: item[63:32] <= wdata;
        8'h30: count <= wdata;
        8'h00: if (wdata[0]) {busy, done, storing, cycles} <= {3'b100, 32'd0};
        default: ;
      endcase
    else if (busy) begin
      cycles <= cycles + 1;
      if (mem_ready) begin
        storing <= !storing;
        if (!storing) value <= mem_rdata * factor + item;
        else begin
          item <= item + 1;
          count <= count - 1;
          if (count == 1) {busy, done} <= 2'b01;
        end
      end
    end

  always @(*)
    case (raddr)
      8'h04: rdata = {30'd0, done, busy};
      8'h0c: rdata = cycles;
      default: rdata = 0;
    endcase
endmodule
`default_nettype wire
