using System.Diagnostics;
using System.Text.Json;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Api.OpenAi;

/// <summary>OpenAI's own client (npm, <c>./workbench test</c> installs it) against the application: what it reads is what counts.</summary>
public sealed class OpenAiClientTests
{
    [Fact]
    public async Task OpenAIs_own_client_lists_asks_streams_and_reads_the_errors()
    {
        var folder = Shared.Require(BrokenModels.Good);
        Assert.SkipUnless(File.Exists(Path.Combine(AppContext.BaseDirectory, "libworkbench_torch.so")), "needs the native shim (src/Workbench.Torch/Native/build.sh)");
        await using var app = await TestApp.StartAsync();
        var own = Path.Combine(app.Root, "stories");
        Directory.CreateDirectory(own);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(own, "chat_template.jinja"), ChatPresets.Find("plain")!.Template);
        await app.Get<ModelService>().AddFolderAsync(own);
        Check(await RunClientAsync(new Uri(app.Address, "/v1").ToString(), "stories"));
    }

    private static void Check(Dictionary<string, JsonElement> said)
    {
        Assert.Equal(["stories"], said["models"].EnumerateArray().Select(id => id.GetString()));
        Assert.Equal("model", said["model"].GetProperty("object").GetString());

        var chat = said["chat"].GetProperty("choices")[0];
        var text = chat.GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal(("length", "assistant"), (chat.GetProperty("finish_reason").GetString(), chat.GetProperty("message").GetProperty("role").GetString()));
        var tokens = chat.GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(8, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(token.GetProperty("token").GetString(), token.GetProperty("top_logprobs")[0].GetProperty("token").GetString())); // greedy
        Assert.All(tokens, token => Assert.Equal(3, token.GetProperty("top_logprobs").GetArrayLength()));
        var usage = said["chat"].GetProperty("usage");
        Assert.Equal(8, usage.GetProperty("completion_tokens").GetInt32());

        var stream = said["stream"];
        Assert.Equal((text, "length"), (stream.GetProperty("text").GetString(), stream.GetProperty("reason").GetString()));
        Assert.Equal(usage.GetRawText(), stream.GetProperty("usage").GetRawText());
        Assert.InRange(stream.GetProperty("chunks").GetInt32(), 5, 11);

        var seeded = said["seeded"].EnumerateArray().Select(answers => answers.EnumerateArray().Select(answer => answer.GetString()).ToArray()).ToArray();
        Assert.Equal(seeded[0], seeded[1]);
        Assert.Equal(3, seeded[0].Distinct().Count());
        Assert.Equal(seeded[0][1..], seeded[2][..2]); // the second answer of seed 5 is the first of seed 6

        // The golden file's text goes on so.
        var completion = said["completion"].GetProperty("choices")[0];
        Assert.StartsWith(", there was a", completion.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(8, completion.GetProperty("logprobs").GetProperty("token_logprobs").GetArrayLength());
        Assert.Equal([0, 1], said["completions"].GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        var stop = said["stop"].GetProperty("choices")[0];
        Assert.Equal("stop", stop.GetProperty("finish_reason").GetString());
        Assert.Equal(said["whole"].GetString()!.Split([" named", "."], 2, StringSplitOptions.None)[0], stop.GetProperty("text").GetString());
        Assert.True(said["abandoned"].GetBoolean());

        Assert.Equal(("NotFoundError", 404, "model_not_found", "model"), Error(said["missing"]));
        Assert.Equal(("BadRequestError", 400, "invalid_input", "messages"), Error(said["empty"]));
        Assert.Equal(("BadRequestError", 400, "generation", null), Error(said["range"]));
        Assert.Contains("temperature", said["range"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(("BadRequestError", 400, "invalid_input", "logit_bias"), Error(said["bias"]));
        Assert.Equal(("BadRequestError", 400, "invalid_input", "messages[0].content"), Error(said["image"]));
        Assert.Equal(("NotFoundError", 404, "unknown_url", null), Error(said["address"]));
        Assert.All(["missing", "empty", "bias"], name => Assert.Equal("invalid_request_error", said[name].GetProperty("type").GetString()));
    }

    private static (string? Kind, int Status, string? Code, string? Param) Error(JsonElement error) => (
        error.GetProperty("kind").GetString(), error.GetProperty("status").GetInt32(), error.GetProperty("code").GetString(), error.GetProperty("param").GetString());

    private static async Task<Dictionary<string, JsonElement>> RunClientAsync(string address, string model)
    {
        var folder = Path.Combine(Shared.Root, "tests", "npm");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "openai")), "needs the npm package openai: run ./workbench test, which installs it where npm is");
        using var node = Process.Start(new ProcessStartInfo("node", ["openai.mjs", address, model])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var errors = node.StandardError.ReadToEndAsync(limit.Token);
        var output = await node.StandardOutput.ReadToEndAsync(limit.Token);
        await node.WaitForExitAsync(limit.Token);
        Assert.True(node.ExitCode == 0, $"the client ended with {node.ExitCode}: {await errors}\n{output}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("name").GetString()!, line => line.GetProperty("value"));
    }
}
