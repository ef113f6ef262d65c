using System.Security.Cryptography;
using System.Text;

namespace Workbench.Web.Services.Hub;

/// <summary>
/// One file of a model, from a site to the disk. It has the name <c>….part</c> until its size and hash are the site's; what a broken
/// download left goes on where it ended (RFC 9110, range requests).
/// </summary>
internal sealed class HubFileDownload(HubTransport transport, HubModel model, HubOptions options)
{
    private const int BufferSize = 1 << 20;

    /// <param name="address">Where the bytes are.</param>
    /// <param name="file">What they must be.</param>
    /// <param name="path">Where they go.</param>
    /// <param name="arrived">Told how many bytes of the file are here.</param>
    /// <param name="cancellationToken">Cancels; what is here stays for the next time.</param>
    /// <exception cref="UserInputException">The site refuses or cannot be reached, or the bytes are not those that it promised.</exception>
    public async Task RunAsync(Uri address, HubFile file, string path, Action<long> arrived, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            arrived(file.Size); // only what was checked has this name
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = path + ".part";
        await transport.WithTriesAsync(async () =>
        {
            await FetchAsync(address, file, part, arrived, cancellationToken);
            return true;
        }, cancellationToken, () => new FileInfo(part) is { Exists: true } here ? here.Length : 0);
        File.Move(part, path, overwrite: true);
    }

    private async Task FetchAsync(Uri address, HubFile file, string part, Action<long> arrived, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferSize);
        if (target.Length > file.Size)
        {
            target.SetLength(0);
        }

        if (target.Length < file.Size)
        {
            using var response = await SendAsync(address, target, cancellationToken);
            var from = response.Content.Headers.ContentRange?.From ?? 0;
            target.SetLength(Math.Min(target.Length, from)); // 200: the site begins anew
            target.Seek(0, SeekOrigin.End);
            arrived(target.Length);
            await CopyAsync(response, target, file, arrived, cancellationToken);
        }

        await target.FlushAsync(cancellationToken);
        if (target.Length < file.Size)
        {
            throw new IOException($"the connection ended after {target.Length} of {file.Size} bytes of {file.Path}");
        }

        if (await FaultAsync(target, file, cancellationToken) is { } fault)
        {
            target.SetLength(0);
            throw new UserInputException($"{file.Path} of {model.Id} {fault}.", "It was damaged on its way or changed on the site: download it again.", file.Path);
        }

        target.Flush(flushToDisk: true);
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, FileStream target, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(address, model, target.Length, cancellationToken);
        }
        catch (RangeRefusedException)
        {
            target.SetLength(0);
            return await transport.SendAsync(address, model, 0, cancellationToken);
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream target, HubFile file, Action<long> arrived, CancellationToken cancellationToken)
    {
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffer = new byte[BufferSize];
        while (true)
        {
            stall.CancelAfter(options.Stall);
            var count = await source.ReadAsync(buffer, stall.Token);
            if (count == 0)
            {
                return;
            }

            if (target.Length + count > file.Size)
            {
                throw new UserInputException($"{file.Path} of {model.Id} is longer than the {file.Size} bytes that the site promised.", "Download it again; is the mirror up to date?", file.Path);
            }

            await WriteAsync(target, buffer.AsMemory(0, count), cancellationToken);
            arrived(target.Length);
        }
    }

    /// <summary>A full disk is no broken line: to try again at once would not help.</summary>
    private static async Task WriteAsync(FileStream target, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await target.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException error)
        {
            throw new UserInputException(
                $"{target.Name} cannot be written: {error.Message}", "Make room on the disk, then download again: it goes on where it ended.", target.Name, error);
        }
    }

    /// <summary>What is wrong with the whole file; null where it is what the site promised.</summary>
    private static async Task<string?> FaultAsync(FileStream file, HubFile promised, CancellationToken cancellationToken)
    {
        file.Position = 0;
        if (promised.Sha256 is { } sha256)
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) == sha256 ? null : "does not have the SHA-256 that the site promised";
        }

        return promised.GitBlob is not { } blob || await GitBlobAsync(file, cancellationToken) == blob ? null : "does not have the Git hash that the site promised";
    }

    /// <summary>Git's object names are SHA-1; they guard against damage here, not against an attacker: file and hash come from the same site.</summary>
    private static async Task<string> GitBlobAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        var buffer = new byte[BufferSize];
        for (int count; (count = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
