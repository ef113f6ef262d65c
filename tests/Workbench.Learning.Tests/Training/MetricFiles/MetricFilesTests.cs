using System.Text;
using Workbench.Learning.Training;
using Workbench.Learning.Training.MetricFiles;

namespace Workbench.Learning.Tests.Training.MetricFiles;

public sealed class MetricFilesTests
{
    private static readonly MetricPoint[] Points =
    [
        new(1, 5, 0.5, 1700000000.25, new Dictionary<string, double> { ["loss"] = 2.5 }),
        new(2, 300, 1, 1700000001, new Dictionary<string, double> { ["eval_loss"] = double.NaN, ["a,b"] = 0.1 }),
    ];

    /// <summary>RFC 3720, B.4, and the check value of the catalogue of CRCs.</summary>
    [Fact]
    public void The_checksum_is_Castagnolis()
    {
        Assert.Equal(0xE3069283u, TensorBoardFile.Crc32C("123456789"u8));
        Assert.Equal(0x8A9136AAu, TensorBoardFile.Crc32C(new byte[32]));
    }

    /// <summary>Made by hand from event.proto; lengths, masks and checksums by a bitwise CRC-32C in Python.</summary>
    [Fact]
    public void An_event_file_is_what_TensorBoard_reads()
    {
        using var written = new MemoryStream();
        TensorBoardFile.Write(Points[..1], written);

        Assert.Equal(
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9200000000000000029eda9500900001040fc54d9"
            + "4110052a130a110a0a747261696e2f6c6f737315000020406c5499da",
            Convert.ToHexStringLower(written.ToArray()));
        Assert.Equal("events.out.tfevents.1700000000.workbench", TensorBoardFile.Name(Points));
    }

    [Fact]
    public void A_step_of_two_bytes_and_a_metric_of_an_evaluation_keep_their_place()
    {
        using var written = new MemoryStream();
        TensorBoardFile.Write(Points, written);

        var bytes = Convert.ToHexStringLower(written.ToArray());
        Assert.Contains("10ac02", bytes, StringComparison.Ordinal); // 300 = 0b10_0101100
        Assert.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes("eval/loss")), bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_a_column_for_each_metric_and_empty_cells_where_there_is_none()
    {
        using var text = new StringWriter();
        CsvFile.Write(Points, text);

        Assert.Equal("step,epoch,time,loss,eval_loss,\"a,b\"\n5,0.5,1700000000.25,2.5,,\n300,1,1700000001,,NaN,0.1\n", text.ToString());
    }
}
