using System.IO.Compression;
using System.Text;
using Workbench.Web.Components.Pages.Templates;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class ShareLinkTests
{
    private static readonly WorkspaceState State = new()
    {
        Template = "{{ messages }}\n\"quoted\" 你好 🦔", Messages = "[ {\"role\": \"user\"} ]", Tools = "[]", Documents = " ", Kwargs = "{\"a\":1}", ModelId = "m1",
        AddGenerationPrompt = true, Mask = new MaskChoice("last-turn", Reasoning: false, ToolCalls: false, SplitSpecialTokens: true),
    };

    [Fact]
    public void A_link_reopens_the_exact_state()
    {
        var fragment = ShareLink.Encode(State);
        Assert.Matches("^s1=[A-Za-z0-9_-]+$", fragment);
        Assert.Equal(State, ShareLink.Decode($"http://127.0.0.1:5080/templates#{fragment}"));
    }

    [Theory]
    [InlineData("http://127.0.0.1/templates")]
    [InlineData("http://127.0.0.1/templates#elsewhere")]
    public void An_address_without_a_state_is_no_fault(string address) => Assert.Null(ShareLink.Decode(address));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("")]
    public void A_damaged_link_is_refused(string fragment) => Assert.Throws<UserInputException>(() => ShareLink.Decode($"x#s1={fragment}"));

    [Fact]
    public void A_cut_link_is_refused() => Assert.Throws<UserInputException>(() => ShareLink.Decode("x#" + ShareLink.Encode(State)[..^20]));

    [Theory]
    [InlineData("{\"Template\":null}")]
    [InlineData("{\"Mask\":null}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void What_unpacks_to_something_else_is_refused(string json) => Assert.Throws<UserInputException>(() => ShareLink.Decode("x#s1=" + Pack(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void A_small_link_that_unpacks_to_much_is_refused()
    {
        var bomb = Pack(new byte[40 * 1024 * 1024]);
        Assert.InRange(bomb.Length, 1, ShareLink.MaxLength);
        Assert.Throws<UserInputException>(() => ShareLink.Decode("x#s1=" + bomb));
    }

    [Fact]
    public void A_state_too_large_for_an_address_says_so()
    {
        var random = new Random(1);
        var noise = string.Concat(Enumerable.Range(0, 100_000).Select(_ => (char)random.Next('0', 'z')));
        Assert.Contains("too many", Assert.Throws<UserInputException>(() => ShareLink.Encode(State with { Template = noise })).Message, StringComparison.Ordinal);
    }

    private static string Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return System.Buffers.Text.Base64Url.EncodeToString(packed.ToArray());
    }
}
