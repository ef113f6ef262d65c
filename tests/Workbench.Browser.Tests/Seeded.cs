using System.Net.Http.Json;
using System.Text.Json;

namespace Workbench.Browser.Tests;

/// <summary>What a page needs to have something to show, put into the running application through its API.</summary>
internal static class Seeded
{
    /// <summary>Adds the starter's model under a name; gives its id.</summary>
    public static async Task<string> ModelAsync(HttpClient http, string folder, string name)
    {
        using var response = await http.PostAsJsonAsync("/api/models", new { path = folder, name });
        return await IdAsync(response);
    }

    /// <summary>Uploads rows as a dataset; gives its id.</summary>
    public static async Task<string> DatasetAsync(HttpClient http, string name, params object[] rows)
    {
        using var form = new MultipartFormDataContent { { new StringContent(string.Join('\n', rows.Select(row => JsonSerializer.Serialize(row)))), "file", name } };
        using var response = await http.PostAsync(new Uri("/api/datasets", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("dataset").GetProperty("id").GetString()!;
    }

    /// <summary>Queues a run of two steps; gives its id.</summary>
    public static async Task<string> RunAsync(HttpClient http, string model, string dataset)
    {
        using var response = await http.PostAsJsonAsync("/api/runs", new { config = new { method = "sft", model_name_or_path = model, dataset, max_steps = 2, max_length = 64 }, name = "two steps" });
        return await IdAsync(response);
    }

    private static async Task<string> IdAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }
}
